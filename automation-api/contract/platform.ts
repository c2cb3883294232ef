import { z } from "zod";
import { ENGINES, PLANS } from "../../stores/spec.ts";
import { OPERATION_KINDS, operationSchema, operationStatusSchema } from "./operation.ts";
import { roleSchema } from "./people.ts";
import { storeStatusSchema } from "./store.ts";

// What exists once: the machine's choices, the catalogue of engines, the overview, the session.

/** What a plan of an engine comes to: everything its pods may use together. */
export const planCostSchema = z
  .object({
    plan: z.enum(PLANS),
    /** Thousandths of a core set aside, and never exceeded. */
    cpu: z.object({ request: z.int(), limit: z.int() }),
    /** MiB set aside, and never exceeded. */
    memory: z.object({ request: z.int(), limit: z.int() }),
    /** GiB of volumes. */
    storage: z.int(),
    /** Pods that run at all times. */
    pods: z.int(),
    /** Sentences about what the plan comes to less on this cluster. */
    notes: z.array(z.string()),
  })
  .meta({ id: "PlanCost" });
export type PlanCost = z.infer<typeof planCostSchema>;

export const platformSchema = z
  .object({
    /** Sentences about what is in use, such as "the offline engine, because …". */
    pulumi: z.object({ description: z.string(), version: z.string(), backend: z.string() }),
    cluster: z.object({ description: z.string(), reachable: z.boolean(), version: z.string().optional() }),
    /** Where stores can run, the home cluster first; `takes`: new ones, too. Addresses as in `addressTemplate`. */
    clusters: z.array(
      z.object({ name: z.string(), description: z.string(), takes: z.boolean(), addressTemplate: z.string() }),
    ),
    database: z.object({ description: z.string() }),
    /** Operations that run at the same time, at most. */
    concurrency: z.int(),
    /** A new store's address: `{name}` stands for its name. */
    addressTemplate: z.string(),
    engines: z.array(
      z.object({
        engine: z.enum(ENGINES),
        title: z.string(),
        version: z.string(),
        plans: z.array(planCostSchema),
      }),
    ),
  })
  .meta({ id: "Platform" });
export type Platform = z.infer<typeof platformSchema>;

export const overviewSchema = z
  .object({
    /** Living stores by status; statuses nobody is in are left out. */
    stores: z.partialRecord(storeStatusSchema, z.int()),
    /** Operations that wait, and that run. */
    queued: z.int(),
    running: z.int(),
    /** Newest first, at most ten. */
    recent: z.array(operationSchema),
    /** Finished operations for the plots, oldest first, at most the last hundred. */
    finished: z.array(
      z.object({
        id: z.uuid(),
        store: z.string(),
        kind: z.enum(OPERATION_KINDS),
        engine: z.enum(ENGINES),
        plan: z.enum(PLANS),
        status: operationStatusSchema,
        finishedAt: z.iso.datetime(),
        /** From being asked for to the end. */
        seconds: z.number(),
      }),
    ),
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof overviewSchema>;

export const signInSchema = z.strictObject({ token: z.string().min(1).max(200) });

export const sessionSchema = z
  .object({
    user: z.object({ id: z.uuid(), name: z.string(), administrator: z.boolean() }),
    /** Where they belong, and as what. */
    organizations: z.array(z.object({ name: z.string(), role: roleSchema })),
    /** Absent for an API key. */
    expiresAt: z.iso.datetime().optional(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof sessionSchema>;
