import { expect, it } from "vitest";
import { namespaceOf } from "../../../stores/names.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Machine } from "../../helpers/machine.ts";

/** What the namespace of a store keeps out. */
export function describeRefusals(left: string, machine: () => Machine): void {
  it.each([
    [
      "a privileged pod",
      { containers: [{ name: "a", image: "a", securityContext: { privileged: true } }] },
      /violates PodSecurity|disallowed by cluster policy/,
    ],
    [
      "a pod on the node's network",
      { hostNetwork: true, containers: [{ name: "a", image: "a" }] },
      "violates PodSecurity",
    ],
    [
      "a pod that mounts the node's disk",
      { containers: [{ name: "a", image: "a" }], volumes: [{ name: "disk", hostPath: { path: "/" } }] },
      "violates PodSecurity",
    ],
  ])("refuses %s", async (_case, spec, reason) => {
    const namespace = namespaceOf(left);

    const attempt = kubectl(
      machine(),
      ...["run", "bad", "--namespace", namespace, "--image=a", "--dry-run=server"],
      `--overrides=${JSON.stringify({ apiVersion: "v1", spec })}`,
    );

    await expect(attempt).rejects.toThrow(reason);
  });

  it("refuses a service that opens a port of the node", async () => {
    const namespace = namespaceOf(left);

    const attempt = kubectl(machine(), "create", "service", "nodeport", "open", "--tcp=80", "--namespace", namespace);

    await expect(attempt).rejects.toThrow("exceeded quota");
  });
}
