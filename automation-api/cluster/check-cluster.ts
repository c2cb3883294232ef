import { z } from "zod";
import type { Target } from "../../stores/target.ts";
import { type ApiServer, ClusterUnreachable } from "./api-server.ts";
import { listOf } from "./list-of.ts";

// What stores need of a cluster, looked at before anybody waits for one.

export interface ClusterCheck {
  /** Of Kubernetes. */
  readonly serverVersion: string;
  /** What stores need and it has not, or does not let us do: sentences. */
  readonly missing: readonly string[];
}

/** How long all of it may take, in milliseconds. */
const PATIENCE = 8000;

/** The oldest minor version of Kubernetes that has what stores stand on (`ValidatingAdmissionPolicy` and restricted pods). */
const OLDEST = 30;

const versionSchema = z.object({ gitVersion: z.string(), minor: z.string().default("") });
const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });
const classesSchema = listOf(
  z.object({
    metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
  }),
);

/** What must be allowed: group, kind in the plural, verb. */
const NEEDED = [
  ["", "namespaces", "create"],
  ["", "namespaces", "list"],
  ["", "namespaces", "delete"],
  ["", "secrets", "create"],
  ["", "secrets", "list"],
  ["", "persistentvolumes", "list"],
  ["", "resourcequotas", "create"],
  ["apps", "deployments", "create"],
  ["apps", "statefulsets", "create"],
  ["networking.k8s.io", "networkpolicies", "create"],
] as const;

/** Throws ClusterUnreachable. */
export async function checkCluster(server: Pick<ApiServer, "get" | "post">, target: Target): Promise<ClusterCheck> {
  const signal = AbortSignal.timeout(PATIENCE);
  const { gitVersion, minor } = versionSchema.parse(await server.get("/version", signal));
  const missing = await Promise.all([
    Number.parseInt(minor, 10) < OLDEST ? [`Kubernetes ${gitVersion} is too old; 1.${OLDEST} or newer is needed.`] : [],
    refusedRights(server, signal),
    missingStorage(server, target, signal),
    missingIngress(server, target, signal),
  ]);
  return { serverVersion: gitVersion, missing: missing.flat() };
}

async function refusedRights(server: Pick<ApiServer, "post">, signal: AbortSignal): Promise<string[]> {
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const asked = NEEDED.map(async ([group, resource, verb]) => {
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };
    const spec = { resourceAttributes: { group, resource, verb } };
    const answer = reviewSchema.parse(await server.post(path, { ...review, spec }, signal));
    return answer.status.allowed ? [] : [`${verb} ${resource}`];
  });
  const refused = (await Promise.all(asked)).flat();
  return refused.length === 0 ? [] : [`The user of the kubeconfig may not: ${refused.join(", ")}.`];
}

const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

async function missingStorage(
  server: Pick<ApiServer, "get">,
  { storageClass, sharedStorageClass }: Target,
  signal: AbortSignal,
): Promise<string[]> {
  const classes = await classesOf(server, "/apis/storage.k8s.io/v1/storageclasses", signal);
  const wanted = [storageClass, sharedStorageClass].filter((name) => name !== "");
  const gone = wanted
    .filter((name) => !classes.some(({ metadata }) => metadata.name === name))
    .map((name) => `There is no storage class "${name}".`);
  const hasDefault = classes.some(({ metadata }) => metadata.annotations?.[IS_DEFAULT] === "true");
  const nameless = storageClass === "" && !hasDefault;
  return nameless ? [...gone, "No storage class is the default; make one it, or name one in storageClass."] : gone;
}

async function missingIngress(
  server: Pick<ApiServer, "get">,
  { ingressClass, gateway }: Target,
  signal: AbortSignal,
): Promise<string[]> {
  if (ingressClass === "" || gateway !== "") return [];
  const classes = await classesOf(server, "/apis/networking.k8s.io/v1/ingressclasses", signal);
  const isThere = classes.some(({ metadata }) => metadata.name === ingressClass);
  return isThere ? [] : [`There is no ingress class "${ingressClass}"; install one, or name another in ingressClass.`];
}

async function classesOf(server: Pick<ApiServer, "get">, path: string, signal: AbortSignal) {
  const found = await server.get(path, signal);
  return found === undefined ? [] : classesSchema.parse(found).items;
}

/** Why a cluster does not answer, for a person who may have mistyped something. Repeats nothing secret. */
export function troubleOf(error: unknown): string {
  if (!(error instanceof ClusterUnreachable)) return "The cluster answers, but not as Kubernetes does.";
  const cause = error.cause instanceof Error ? error.cause.message : "";
  if (/answered 401/.test(cause)) return "The cluster does not know the user of the kubeconfig.";
  if (/answered 403/.test(cause)) return "The cluster does not let the user of the kubeconfig do this.";
  if (/certificate|self.signed|issuer/i.test(cause)) return "The cluster's certificate is not of the given authority.";
  return error.message;
}
