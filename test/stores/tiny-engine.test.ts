import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Credentials } from "../../stores/components/credentials.ts";
import { Isolation } from "../../stores/components/isolation.ts";
import { StoreRelease } from "../../stores/components/release.ts";
import { parseRotation } from "../../stores/rotation.ts";
import { parseSpec } from "../../stores/spec.ts";
import { addressesOf, parseTarget } from "../../stores/target.ts";
import { findHelm, renderChart } from "../helpers/helm.ts";
import { tiny } from "./tiny-engine/tiny.ts";

// README, "Add an engine": what an engine has to bring is its definition, and everything else follows from it.

interface Made {
  type: string;
  inputs: Record<string, { name?: string } & Record<string, unknown>>;
}

const spec = parseSpec({ name: "shop1", engine: "medusa", displayName: "Kiosk" });
const target = parseTarget({});

const rotation = parseRotation({});

/** What the three components of the store program make of the engine. */
async function makeStore() {
  const made: Made[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push({ type, inputs });
      return { id: `${name}-id`, state: { ...inputs, result: "random", status: { status: "deployed" } } };
    },
    call: () => ({}),
  });
  const isolation = new Isolation("isolation", { spec, target, engine: tiny });
  const secrets = new Credentials("credentials", { spec, rotation, engine: tiny, isolation, registryLogin: undefined });
  const release = new StoreRelease("store", { spec, target, engine: tiny, isolation, secrets, rotation });
  const adminUrl = await new Promise((resolve) => release.adminUrl.apply(resolve));
  return { made, adminUrl };
}

describe("an engine that nobody has heard of", () => {
  it("gets its walls, its credentials and its release from its definition alone", async () => {
    const { made, adminUrl } = await makeStore();

    const named = (type: string) => made.filter((one) => one.type === type).map(({ inputs }) => inputs.metadata?.name);
    expect(named("kubernetes:networking.k8s.io/v1:NetworkPolicy").sort()).toEqual(["default-deny", "kiosk"]);
    expect(named("kubernetes:core/v1:Secret")).toEqual(["store-credentials"]);
    const release = made.find(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    expect(release?.inputs).toMatchObject({
      chart: "./charts/../../test/stores/tiny-engine/chart",
      values: { displayName: "Kiosk", host: "shop1.localhost", existingSecret: "store-credentials" },
    });
    expect(adminUrl).toBe("http://shop1.localhost:8080/desk");
  });

  it.skipIf(findHelm() === undefined)("has a chart that takes the values its definition gives", () => {
    const values = tiny.values({
      spec,
      target,
      addresses: addressesOf(spec, target, tiny.forwards),
      images: { storefront: "localhost/storefleet/storefront:1" },
      existingSecret: "store-credentials",
      imagePullSecret: "",
      rotation,
    });

    const [kiosk] = renderChart(findHelm() ?? "", tiny.chart, values);

    expect(kiosk?.spec.template.metadata.labels["app.kubernetes.io/component"]).toBe("kiosk");
    expect(kiosk?.spec.template.spec.containers[0].resources).toEqual(values.resources);
  });
});
