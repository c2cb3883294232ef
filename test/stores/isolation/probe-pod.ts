import { imageReference } from "../../../stores/images.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Machine } from "../../helpers/machine.ts";
import type { Origin } from "../../helpers/probe.ts";

const image = imageReference("redis");

/** A pod that only waits, in the restricted standard, with no label of a component. */
const overrides = JSON.stringify({
  apiVersion: "v1",
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "probe",
        image,
        command: ["sleep", "600"],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});

/** Starts the pod in a namespace and gives it when it can be used. */
export async function startProbe(machine: Machine, namespace: string, pod: string): Promise<Origin> {
  await kubectl(machine, "run", pod, "--namespace", namespace, `--overrides=${overrides}`, `--image=${image}`);
  await kubectl(machine, "wait", "--for=condition=Ready", `pod/${pod}`, "--namespace", namespace, "--timeout=60s");
  return { namespace, pod, by: "bash" };
}
