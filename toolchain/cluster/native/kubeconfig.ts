import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { SubjectName } from "./certificates.ts";
import { contextName, type Layout, network } from "./settings.ts";

export const apiAddress = `https://${network.nodeAddress}:${network.apiPort}`;

/** A kubeconfig that holds its certificates itself, so that it may be copied. */
export function renderKubeconfig(
  pem: { authority: Buffer; certificate: Buffer; key: Buffer },
  server: string = apiAddress,
): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": contextName,
    clusters: [
      {
        name: contextName,
        cluster: { server, "certificate-authority-data": pem.authority.toString("base64") },
      },
    ],
    users: [
      {
        name: contextName,
        user: {
          "client-certificate-data": pem.certificate.toString("base64"),
          "client-key-data": pem.key.toString("base64"),
        },
      },
    ],
    contexts: [{ name: contextName, context: { cluster: contextName, user: contextName } }],
  });
}

async function writeKubeconfig(at: Layout, name: SubjectName, file: string, server: string): Promise<void> {
  const pem = {
    authority: await readFile(join(at.pki, "ca.crt")),
    certificate: await readFile(join(at.pki, `${name}.crt`)),
    key: await readFile(join(at.pki, `${name}.key`)),
  };
  const text = renderKubeconfig(pem, server);
  await writeFile(file, text, { mode: 0o600 });
  await chmod(file, 0o600);
}

/** Path of the kubeconfig of a part of the control plane. */
export function componentKubeconfig(at: Layout, name: SubjectName): string {
  return join(at.pki, `${name}.kubeconfig`);
}

/**
 * Writes the administrator's kubeconfig and one for each part that talks to the API server.
 * @param server where that is reached. Default: the node's address
 */
export async function writeKubeconfigs(at: Layout, server: string = apiAddress): Promise<void> {
  await writeKubeconfig(at, "admin", at.kubeconfig, server);
  for (const name of ["controller-manager", "scheduler", "kubelet", "cilium"] as const) {
    await writeKubeconfig(at, name, componentKubeconfig(at, name), server);
  }
}
