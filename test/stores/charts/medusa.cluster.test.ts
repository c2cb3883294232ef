import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../../stores/engines/registry.ts";
import { PLANS, parseSpec } from "../../../stores/spec.ts";
import { addressesOf } from "../../../stores/target.ts";
import { run } from "../../../toolchain/lib/exec.ts";
import { renderChart } from "../../helpers/helm.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../../helpers/machine.ts";
import { testStoreName } from "../../helpers/names.ts";

const { medusa } = engines;
const namespace = testStoreName("chart");
let machine: Machine;

beforeAll(async () => {
  machine = await takeMachine();
  await kubectl(machine, "create", "namespace", namespace);
  await kubectl(machine, "label", "namespace", namespace, "pod-security.kubernetes.io/warn=restricted");
});

afterAll(async () => {
  if (machine) await kubectl(machine, "delete", "namespace", namespace, "--ignore-not-found");
  await machine?.release();
});

describe("the Medusa chart", () => {
  it.each(PLANS)("is valid to the API server with the plan %s, field by field and without a warning", async (plan) => {
    const spec = parseSpec({ name: "shop1", engine: "medusa", plan });
    const values = medusa.values({
      spec,
      target: machine.target,
      addresses: addressesOf(spec, machine.target, medusa.forwards),
      images: Object.fromEntries(medusa.images.map((name) => [name, `localhost/storefleet/${name}:0123456789ab`])),
      existingSecret: "store-credentials",
      imagePullSecret: "",
    });
    const items = renderChart(machine.helm, "medusa", values);

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
});
