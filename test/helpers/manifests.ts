import type { Manifest } from "./helm.ts";

// What tests ask of rendered objects.

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef?: { name: string; key: string } };
  }[];
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
  readonly securityContext: Record<string, unknown>;
  readonly startupProbe?: {
    periodSeconds: number;
    httpGet?: { httpHeaders?: { name: string; value: string }[] };
  };
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly volumeMounts: readonly { mountPath: string }[];
}

export const ofKind = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind);
export const named = (manifests: readonly Manifest[], kind: string, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
export const names = (manifests: readonly Manifest[]) => manifests.map(({ metadata }) => metadata.name).sort();

/** What makes pods. */
export const workloads = (manifests: readonly Manifest[]) =>
  ["Deployment", "StatefulSet", "CronJob"].flatMap((kind) => ofKind(manifests, kind));
/** Workloads whose pods run at all times. */
export const servers = (manifests: readonly Manifest[]) =>
  workloads(manifests).filter(({ kind }) => kind !== "CronJob");

export const templateOf = ({ kind, spec }: Manifest) =>
  kind === "CronJob" ? spec.jobTemplate.spec.template : spec.template;
export const podOf = (workload: Manifest) => templateOf(workload).spec;
export const componentOf = (workload: Manifest): string =>
  templateOf(workload).metadata.labels["app.kubernetes.io/component"];
export const mainContainers = (workload: Manifest): Container[] => podOf(workload).containers;
export const containers = (workload: Manifest): Container[] => [
  ...(podOf(workload).initContainers ?? []),
  ...mainContainers(workload),
];
export const variables = (manifests: readonly Manifest[]) =>
  workloads(manifests)
    .flatMap(containers)
    .flatMap(({ env = [] }) => env);

/** Keys of the store's Secret that a container is given. */
export const secretKeys = ({ env = [] }: Container) =>
  env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []);

/** An amount such as `2Gi`; 0 for none. */
export function mebibytes(text: string | undefined): number {
  const [, amount = "", unit = ""] = /^(\d+)(Mi|Gi)$/.exec(text ?? "") ?? [];
  return Number(amount) * (unit === "Gi" ? 1024 : 1);
}
