import { describe, expect, it } from "vitest";
import { completeInputs } from "../../../../../toolchain/offline-engine/providers/helm/release-inputs.ts";

const recorded = {
  allowNullValues: false,
  atomic: false,
  chart: "./chart",
  cleanupOnFail: false,
  createNamespace: false,
  dependencyUpdate: false,
  description: "",
  devel: false,
  disableCRDHooks: false,
  disableOpenapiValidation: false,
  disableWebhooks: false,
  forceUpdate: false,
  keyring: "",
  lint: false,
  name: "app",
  namespace: "shop",
  postrender: "",
  recreatePods: false,
  renderSubchartNotes: false,
  replace: false,
  resetValues: false,
  reuseValues: false,
  skipAwait: false,
  skipCrds: false,
  timeout: 60,
  values: { replicas: 1 },
  verify: false,
  version: "",
  waitForJobs: false,
};

describe("the inputs of a release", () => {
  it("are completed as the real provider does it", () => {
    const news = {
      chart: "./chart",
      name: "app",
      namespace: "shop",
      timeout: 60,
      values: { replicas: 1 },
      compat: "true",
    };

    expect(completeInputs(news, undefined, "release", "default")).toEqual(recorded);
  });

  it("wait five minutes unless the program says otherwise or does not wait", () => {
    expect(completeInputs({ chart: "c" }, undefined, "r", "default").timeout).toBe(300);
    expect(completeInputs({ chart: "c", skipAwait: true }, undefined, "r", "default").timeout).toBe(0);
    expect(completeInputs({ chart: "c", timeout: 7 }, undefined, "r", "default").timeout).toBe(7);
  });

  it("take a made-up name and the default namespace, and keep the name", () => {
    const inputs = completeInputs({ chart: "c" }, undefined, "release", "shops");

    expect(inputs).toMatchObject({ name: expect.stringMatching(/^release-[0-9a-f]{8}$/), namespace: "shops" });
    expect(completeInputs({ chart: "c" }, inputs, "release", "shops").name).toBe(inputs.name);
  });

  it.each([{ lint: true }, { valueYamlFiles: ["a"] }, { repositoryOpts: { password: "secret" } }])(
    "refuse %o by name",
    (option) => {
      expect(() => completeInputs({ chart: "c", ...option }, undefined, "r", "default")).toThrow(/not supported here/);
    },
  );

  it("never show a password in what they refuse", () => {
    const news = { chart: "c", repositoryOpts: { password: "very-secret" } };

    expect(() => completeInputs(news, undefined, "r", "default")).not.toThrow(/very-secret/);
  });
});
