import { z } from "zod";
import { ENGINES, PLANS, PRINTABLE, specSchema } from "../../stores/spec.ts";
import { clusterNameSchema } from "./cluster.ts";
import { operationSchema } from "./operation.ts";
import { pageOf, pageShape } from "./page.ts";

// Stores as the service tells them. Pure: the dashboard's forms and answers are parsed with it.

export const STORE_STATUSES = ["provisioning", "ready", "updating", "asleep", "failed", "deleting", "deleted"] as const;
export const storeStatusSchema = z.enum(STORE_STATUSES);
export type StoreStatus = z.infer<typeof storeStatusSchema>;

/** What `POST /api/v1/stores` takes: the spec of the store program, and where it is to run. */
export const createStoreSchema = z
  .strictObject({
    ...specSchema.in.shape,
    /** Name of the cluster it is to run in, for its life. Default: the home cluster. */
    cluster: clusterNameSchema.optional(),
  })
  .transform((spec) => ({ ...spec, displayName: spec.displayName ?? spec.name }));
export type CreateStore = z.input<typeof createStoreSchema>;

export const storeSummarySchema = z
  .object({
    name: z.string(),
    displayName: z.string(),
    engine: z.enum(ENGINES),
    plan: z.enum(PLANS),
    status: storeStatusSchema,
    /** Why it failed; a sentence that says what a person can do. */
    reason: z.string().optional(),
    /** Origin of the storefront, once known. */
    url: z.string().optional(),
    /** Where the owner signs in, once known. */
    adminUrl: z.string().optional(),
    /** Name of the cluster it runs in. */
    cluster: z.string(),
    /** Its cluster does not answer: how the store is, is not known. A sentence. */
    clusterAway: z.string().optional(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    /** The newest operation of the store. */
    operation: operationSchema,
  })
  .meta({ id: "StoreSummary" });
export type StoreSummary = z.infer<typeof storeSummarySchema>;

export const stackResourceSchema = z
  .object({
    urn: z.string(),
    /** The name the program gave it. */
    name: z.string(),
    /** Pulumi type token, such as `kubernetes:core/v1:Namespace`. */
    type: z.string(),
    parent: z.string().optional(),
    /** URNs of what it needs. */
    dependencies: z.array(z.string()),
  })
  .meta({ id: "StackResource" });
export type StackResource = z.infer<typeof stackResourceSchema>;

export const storeSchema = storeSummarySchema
  .extend({
    spec: z.object({
      plan: z.enum(PLANS),
      currency: z.string(),
      country: z.string(),
      sampleData: z.boolean(),
      adminEmail: z.string(),
      domain: z.string().optional(),
    }),
    namespace: z.string(),
    /** Plain outputs of the stack; secret ones are never among them. Empty until the stack has been up. */
    outputs: z.record(z.string(), z.unknown()),
    /** The resources of the stack after its last finished run. */
    resources: z.array(stackResourceSchema),
    /** Shell lines with which a person looks at the same stack with the plain CLI. Hold no secret. */
    inspect: z.array(z.string()),
    /** What a person may ask for now. */
    can: z.object({
      delete: z.boolean(),
      rotate: z.boolean(),
      retry: z.boolean(),
      cancel: z.boolean(),
      credentials: z.boolean(),
    }),
  })
  .meta({ id: "Store" });
export type Store = z.infer<typeof storeSchema>;

export const STORE_SORTS = ["name", "-name", "createdAt", "-createdAt", "status", "-status"] as const;

/** What a request is about when somebody belongs to several organizations. */
export const organizationQuery = z
  .string()
  .optional()
  .meta({ description: "Name of an organization. Default: every one that you can see, or the only one." });

export const storeQuerySchema = z.object({
  organization: organizationQuery,
  /** Only stores in these statuses, separated by commas. Deleted ones are shown only when asked for. */
  status: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(storeStatusSchema))
    .optional(),
  engine: z.enum(ENGINES).optional(),
  plan: z.enum(PLANS).optional(),
  /** Part of the name or of the display name. */
  search: z
    .string()
    .trim()
    .max(100)
    .regex(PRINTABLE, { error: "The search holds control characters; remove them." })
    .optional(),
  /** Default `-createdAt`: newest first. */
  sort: z.enum(STORE_SORTS).default("-createdAt"),
  ...pageShape(),
});
export type StoreQuery = z.input<typeof storeQuerySchema>;

export const storeListSchema = pageOf(storeSummarySchema).meta({ id: "StoreList" });

/** Answer to a request that started an operation. */
export const acceptedSchema = z
  .object({ store: storeSummarySchema, operation: operationSchema })
  .meta({ id: "Accepted" });

export const credentialsAnswerSchema = z
  .object({
    adminUrl: z.string().optional(),
    adminUser: z.string(),
    adminPassword: z.string(),
    /** Keys that the engine hands to its owner besides, by name. */
    keys: z.record(z.string(), z.string()),
  })
  .meta({ id: "Credentials" });
export type CredentialsAnswer = z.infer<typeof credentialsAnswerSchema>;

/** Whether a name can be given to a new store now. */
export const nameCheckSchema = z
  .object({ name: z.string(), available: z.boolean(), reason: z.string().optional() })
  .meta({ id: "NameCheck" });
