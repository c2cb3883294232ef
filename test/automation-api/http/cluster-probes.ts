import { type ApiUnderTest, freshName, type Sent } from "./api-under-test.ts";

type Probe = Sent & { readonly path: string; readonly success: number };

const path = "/api/v1/platform/clusters";

/** A kubeconfig whose cluster answers nobody. */
export function aKubeconfig(server = "https://192.0.2.1:6443", token = "a-token-of-nobody"): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token } }],
    contexts: [{ name: "there", context: { cluster: "c", user: "u" } }],
    "current-context": "there",
  });
}

/** Registers a cluster as the administrator. */
export async function givenCluster(api: ApiUnderTest, wanted: Record<string, unknown> = {}): Promise<string> {
  const body = { name: freshName("cluster"), kubeconfig: aKubeconfig(), ...wanted };
  const answer = await api.signedIn(path, { body });
  if (answer.status !== 201) throw new Error(answer.text);
  return String(body.name);
}

/** How each route about clusters is asked; see `access-probes.ts`. */
export function clusterProbes(api: ApiUnderTest): Readonly<Record<string, () => Promise<Probe>>> {
  return {
    "GET /api/v1/platform/clusters": async () => ({ path, success: 200 }),
    "POST /api/v1/platform/clusters": async () => ({
      path,
      body: { name: freshName("cluster"), kubeconfig: aKubeconfig() },
      success: 201,
    }),
    "GET /api/v1/platform/clusters/:name": async () => ({ path: `${path}/${await givenCluster(api)}`, success: 200 }),
    "PATCH /api/v1/platform/clusters/:name": async () => ({
      path: `${path}/${await givenCluster(api)}`,
      method: "PATCH",
      body: { state: "draining" },
      success: 200,
    }),
    "DELETE /api/v1/platform/clusters/:name": async () => ({
      path: `${path}/${await givenCluster(api)}`,
      method: "DELETE",
      success: 204,
    }),
    // Refused at once: nothing listens there.
    "POST /api/v1/platform/clusters/:name/test": async () => ({
      path: `${path}/${await givenCluster(api, { kubeconfig: aKubeconfig("http://127.0.0.1:1") })}/test`,
      body: {},
      success: 200,
    }),
  };
}
