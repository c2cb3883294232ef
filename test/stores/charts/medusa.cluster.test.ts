import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { parseRotation } from "../../../stores/rotation.ts";
import { ENGINES, type Engine, PLANS, type Plan, parseSpec } from "../../../stores/spec.ts";
import { addressesOf, type Target } from "../../../stores/target.ts";
import { run } from "../../../toolchain/lib/exec.ts";
import { renderChart, renderText } from "../../helpers/helm.ts";
import { type CheckManifests, takeKubeconform } from "../../helpers/kubeconform.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../../helpers/machine.ts";
import { testStoreName } from "../../helpers/names.ts";

const namespace = testStoreName("chart");
const cases = ENGINES.flatMap((engine) => PLANS.map((plan) => ({ engine, plan })));
let machine: Machine;
let check: CheckManifests;

beforeAll(async () => {
  machine = await takeMachine();
  check = await takeKubeconform(machine);
  await kubectl(machine, "create", "namespace", namespace);
  await kubectl(machine, "label", "namespace", namespace, "pod-security.kubernetes.io/warn=restricted");
});

afterAll(async () => {
  if (machine) await kubectl(machine, "delete", "namespace", namespace, "--ignore-not-found");
  await machine?.release();
});

function valuesFor(engine: Engine, plan: Plan, settings: { target?: Partial<Target>; imagePullSecret?: string } = {}) {
  const { forwards, images, values } = engines[engine];
  const spec = parseSpec({ name: "shop1", engine, plan });
  const target = { ...machine.target, ...settings.target };
  return values({
    spec,
    target,
    addresses: addressesOf(spec, target, forwards),
    images: Object.fromEntries(images.map((name) => [name, `localhost/storefleet/${name}:0123456789ab`])),
    existingSecret: "store-credentials",
    imagePullSecret: settings.imagePullSecret ?? "",
    rotation: parseRotation({ rotation: 1 }),
  });
}

describe.each(cases)("the chart of $engine with the plan $plan", ({ engine, plan }) => {
  const { chart } = engines[engine];

  it("is valid to the API server, field by field and without a warning", async () => {
    const items = renderChart(machine.helm, chart, valuesFor(engine, plan));

    const { stdout, stderr } = await run(
      machine.kubectl,
      [
        ...["--kubeconfig", machine.cluster.kubeconfig, "--context", machine.cluster.context],
        ...["apply", "--dry-run=server", "--validate=strict", "--namespace", namespace, "--filename", "-"],
      ],
      { input: JSON.stringify({ apiVersion: "v1", kind: "List", items }), timeoutSeconds: 60 },
    );

    expect(stdout.trim().split("\n")).toHaveLength(items.length);
    expect(stderr).toBe("");
  });

  it.each([
    ["the settings of this machine", {}],
    [
      "every setting a cluster may need",
      { target: { storageClass: "fast", tlsSecret: "shop1-tls" }, imagePullSecret: "image-pull" },
    ],
  ])("gives kubeconform nothing to find with %s", async (_case, settings) => {
    const values = valuesFor(engine, plan, settings);
    const { length } = renderChart(machine.helm, chart, values);

    const summary = await check(renderText(machine.helm, chart, values));

    expect(summary).toMatch(/^Summary: /);
    expect(summary).toContain(`Valid: ${length}, Invalid: 0, Errors: 0, Skipped: 0`);
  });
});

describe("kubeconform", () => {
  it.each([
    ["a misspelled field", "readinessProbe:", "readynessProbe:", "additional properties 'readynessProbe' not allowed"],
    ["a value of another type", /replicas: 1\b/, "replicas: one", "got string, want integer"],
    ["a field that is given twice", /( +)replicas: 1\b/, "$1replicas: 1\n$1replicas: 2", '"replicas" already set'],
    ["a version that the cluster does not know", "apiVersion: apps/v1", "apiVersion: apps/v0", "could not find schema"],
  ])("refuses %s in the rendered chart", async (_case, sound, planted, words) => {
    const text = renderText(machine.helm, "medusa", valuesFor("medusa", "basic"));
    expect(text).toMatch(sound);

    await expect(check(text.replace(sound, planted))).rejects.toThrow(words);
  });
});
