import { expect, it } from "vitest";
import { bringUpStore, configOf } from "../../automation-api/bring-up-store.ts";
import { parseSpec } from "../../stores/spec.ts";
import { parseTarget } from "../../stores/target.ts";
import { FakeStackRunner } from "./fake-stack-runner.ts";

const spec = parseSpec({ name: "demo", engine: "medusa", sampleData: false });
const target = parseTarget({});

const outputs = {
  url: "http://demo.localhost:8080",
  adminUrl: "http://demo.localhost:8080/app",
  namespace: "store-demo",
  engine: "medusa",
  engineVersion: "2.18.0",
  adminUser: "admin@example.com",
};

class RunnerWithOutputs extends FakeStackRunner {
  override async up(stack: string, config: Readonly<Record<string, string>>) {
    return { ...(await super.up(stack, config)), outputs };
  }
}

const noRequest = () => Promise.reject(new Error("nothing should be asked"));

it("keeps every setting but the name, which is the stack's own, in the configuration", () => {
  const config = configOf(spec, target);

  expect(config).toMatchObject({ engine: "medusa", plan: "basic", sampleData: "false", ingressPort: "8080" });
  expect(config).not.toHaveProperty("name");
  // Written although it is not set, so that one of an earlier run does not stay.
  expect(config).toMatchObject({ domain: "", engineVersion: "", ingressAnnotations: "" });
  const ingressAnnotations = { "example.com/own": "yes" };
  expect(configOf(spec, parseTarget({ ingressAnnotations })).ingressAnnotations).toBe('{"example.com/own":"yes"}');
});

it("brings a store without products up without trying to buy one", async () => {
  const store = await bringUpStore({ runner: new RunnerWithOutputs(), request: noRequest }, spec, target);

  expect(store.outputs).toEqual(outputs);
  expect(store.proof).toBeUndefined();
});

it("does not try to buy where there is no way in from outside", async () => {
  const selling = parseSpec({ name: "demo", engine: "medusa" });

  const store = await bringUpStore(
    { runner: new RunnerWithOutputs(), request: noRequest },
    selling,
    parseTarget({ ingressClass: "" }),
  );

  expect(store.proof).toBeUndefined();
});

it("refuses outputs that are not those of a store", async () => {
  await expect(bringUpStore({ runner: new FakeStackRunner(), request: noRequest }, spec, target)).rejects.toThrow(
    "url",
  );
});

it("reads the credentials for the proof where they are given, and from the state otherwise", async () => {
  const selling = parseSpec({ name: "demo", engine: "medusa" });
  const runner = new RunnerWithOutputs();
  let fromState = 0;
  runner.readSecretOutput = async () => {
    fromState += 1;
    return { adminUser: "admin@example.com", adminPassword: "wonderland", keys: {} };
  };
  const credentials = { adminUser: "admin@example.com", adminPassword: "wonderland", keys: {} };
  const bringUp = (found: typeof credentials | undefined) =>
    bringUpStore({ runner, request: noRequest, readCredentials: async () => found }, selling, target, {
      proofSeconds: 0,
    });

  await expect(bringUp(credentials)).rejects.toThrow();
  const before = fromState;
  await expect(bringUp(undefined)).rejects.toThrow();

  expect([before, fromState]).toEqual([0, 1]);
});

it("says when the stack is up, whether there is something to prove or not", async () => {
  let isUp = false;

  await bringUpStore({ runner: new RunnerWithOutputs(), request: noRequest }, spec, target, {
    onUp: () => {
      isUp = true;
    },
  });

  expect(isUp).toBe(true);
});
