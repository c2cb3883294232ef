import { z } from "zod";

/** Something that a stack declares, as Pulumi hands it to a rule. */
export interface Declared {
  /** Pulumi type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Something that every object, or every stack, has to keep to. */
export interface Rule<Subject> {
  /** A sentence: what has to be true. */
  readonly description: string;
  /** A sentence for each thing that is not so, which says what to change. */
  violations(subject: Subject): readonly string[];
}

const metadataSchema = z.looseObject({
  name: z.string().optional(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
});
export type Metadata = z.infer<typeof metadataSchema>;

export function metadataOf({ props }: Declared): Metadata {
  return metadataSchema.parse(props.metadata ?? {});
}

const quantities = z.record(z.string(), z.union([z.string(), z.number()])).default({});

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string().default(""),
  resources: z.looseObject({ requests: quantities, limits: quantities }).prefault({}),
  securityContext: z
    .looseObject({
      privileged: z.boolean().optional(),
      allowPrivilegeEscalation: z.boolean().optional(),
      runAsNonRoot: z.boolean().optional(),
      capabilities: z
        .looseObject({ add: z.array(z.string()).default([]), drop: z.array(z.string()).default([]) })
        .prefault({}),
    })
    .prefault({}),
});
export type Container = z.infer<typeof containerSchema>;

const podSchema = z.looseObject({
  hostNetwork: z.boolean().default(false),
  hostPID: z.boolean().default(false),
  hostIPC: z.boolean().default(false),
  automountServiceAccountToken: z.boolean().default(true),
  securityContext: z
    .looseObject({
      runAsNonRoot: z.boolean().optional(),
      seccompProfile: z.looseObject({ type: z.string() }).optional(),
    })
    .prefault({}),
  containers: z.array(containerSchema).default([]),
  initContainers: z.array(containerSchema).default([]),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
});
export type Pod = z.infer<typeof podSchema>;

const template = z.looseObject({ template: z.looseObject({ spec: podSchema }) });

/** Where the pod stands in what makes pods. */
const pods: Readonly<Record<string, (spec: unknown) => Pod>> = {
  "kubernetes:core/v1:Pod": (spec) => podSchema.parse(spec),
  "kubernetes:apps/v1:Deployment": (spec) => template.parse(spec).template.spec,
  "kubernetes:apps/v1:StatefulSet": (spec) => template.parse(spec).template.spec,
  "kubernetes:apps/v1:DaemonSet": (spec) => template.parse(spec).template.spec,
  "kubernetes:apps/v1:ReplicaSet": (spec) => template.parse(spec).template.spec,
  "kubernetes:batch/v1:Job": (spec) => template.parse(spec).template.spec,
  "kubernetes:batch/v1:CronJob": (spec) =>
    z.looseObject({ jobTemplate: z.looseObject({ spec: template }) }).parse(spec).jobTemplate.spec.template.spec,
};

/** The pods that an object makes; `undefined` when it makes none. */
export function podOf({ type, props }: Declared): Pod | undefined {
  return pods[type]?.(props.spec);
}

/** All containers of a pod, those that come first among them. */
export function containersOf(pod: Pod): readonly Container[] {
  return [...pod.initContainers, ...pod.containers];
}
