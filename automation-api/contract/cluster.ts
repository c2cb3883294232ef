import { z } from "zod";
import { PRINTABLE } from "../../stores/spec.ts";
import { targetSchema } from "../../stores/target.ts";
import { pageOf } from "./page.ts";

// Clusters in which stores run. Pure: the dashboard and the command line parse with it.

/** The cluster of the configuration: always there, and what stores run in that name no other. */
export const HOME = "home";

/** `draining`: it gets no new stores. */
export const CLUSTER_STATES = ["active", "draining"] as const;
export type ClusterState = (typeof CLUSTER_STATES)[number];

/** Characters of a kubeconfig, at most: certificates of one cluster and one user are a few thousand. */
export const LONGEST_KUBECONFIG = 32_000;

export const clusterNameSchema = z
  .string({ error: "A cluster needs a name." })
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, {
    error:
      "The name of a cluster begins with a small letter, goes on with small letters, digits and dashes, and has 40 characters at most.",
  });

const descriptionSchema = z
  .string()
  .trim()
  .max(100, { error: "The description is longer than 100 characters." })
  .regex(PRINTABLE, { error: "The description holds control characters; remove them." })
  .refine((value) => value.isWellFormed(), { error: "The description holds half of a character; write it anew." });

const kubeconfigSchema = z
  .string({ error: "A cluster needs a kubeconfig." })
  .min(1, { error: "A cluster needs a kubeconfig." })
  .max(LONGEST_KUBECONFIG, {
    error: `The kubeconfig is longer than ${LONGEST_KUBECONFIG} characters; keep one cluster and one user.`,
  });

const contextSchema = z.string().min(1).max(253).regex(PRINTABLE, { error: "The context holds control characters." });

const { shape } = targetSchema;

/** What is otherwise there than at home; what is left out is as it is there. Some have a default below their default. */
export const clusterTargetSchema = z.strictObject({
  baseDomain: shape.baseDomain.removeDefault().optional(),
  ingressClass: shape.ingressClass.removeDefault().removeDefault().optional(),
  ingressNamespace: shape.ingressNamespace.removeDefault().removeDefault().optional(),
  ingressPort: shape.ingressPort.removeDefault().optional(),
  gateway: shape.gateway.removeDefault().optional(),
  tlsSecret: shape.tlsSecret.removeDefault().optional(),
  certificateIssuer: shape.certificateIssuer.removeDefault().optional(),
  wildcardCertificate: shape.wildcardCertificate.removeDefault().optional(),
  storageClass: shape.storageClass.removeDefault().optional(),
  sharedStorageClass: shape.sharedStorageClass.removeDefault().optional(),
  imageRegistry: shape.imageRegistry.removeDefault().optional(),
});
export type ClusterTarget = z.output<typeof clusterTargetSchema>;

export const createClusterSchema = z.strictObject({
  /** Unique and frozen: stores name it. */
  name: clusterNameSchema.refine((name) => name !== HOME, { error: `"${HOME}" is the cluster that is there already.` }),
  /** What people read when they choose. Default: nothing. */
  description: descriptionSchema.default(""),
  /** With certificates and tokens in it, and not the names of files or programs. Shown to nobody again. */
  kubeconfig: kubeconfigSchema,
  /** Default: its current context. */
  context: contextSchema.optional(),
  /** Default: everything as at home. */
  target: clusterTargetSchema.default({}),
});
export type CreateCluster = z.input<typeof createClusterSchema>;

/** What is left out stays as it is. */
export const changeClusterSchema = z.strictObject({
  description: descriptionSchema.optional(),
  /** Another way to the same cluster: stores are not moved. */
  kubeconfig: kubeconfigSchema.optional(),
  /** Only together with a kubeconfig. */
  context: contextSchema.optional(),
  /** All of it; stores that are there get it with their next operation. */
  target: clusterTargetSchema.optional(),
  state: z.enum(CLUSTER_STATES, { error: `A cluster is one of: ${CLUSTER_STATES.join(", ")}.` }).optional(),
});
export type ChangeCluster = z.output<typeof changeClusterSchema>;

export const clusterSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    /** Address of its API server. */
    server: z.string(),
    context: z.string(),
    target: clusterTargetSchema,
    state: z.enum(CLUSTER_STATES),
    /** Living stores in it. */
    stores: z.int(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    /** When it answered last, and as which version of Kubernetes; absent while it never did. */
    seenAt: z.iso.datetime().optional(),
    serverVersion: z.string().optional(),
    /** Since when it does not answer, and why; absent while it does. */
    awaySince: z.iso.datetime().optional(),
    trouble: z.string().optional(),
    /** In quotes, what `ETag` says and `If-Match` takes. */
    version: z.string(),
  })
  .meta({ id: "Cluster" });
export type Cluster = z.infer<typeof clusterSchema>;

export const clusterListSchema = pageOf(clusterSchema).meta({ id: "ClusterList" });

/** What came of looking at a cluster. */
export const clusterTestSchema = z
  .object({
    reachable: z.boolean(),
    /** Of Kubernetes. */
    serverVersion: z.string().optional(),
    /** Why it does not answer. */
    trouble: z.string().optional(),
    /** What stores need and it has not, or does not let us do: sentences. Empty: nothing is missing. */
    missing: z.array(z.string()),
  })
  .meta({ id: "ClusterTest" });
export type ClusterTest = z.infer<typeof clusterTestSchema>;
