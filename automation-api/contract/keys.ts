import { z } from "zod";
import { PRINTABLE } from "../../stores/spec.ts";
import { pageOf } from "./page.ts";

// API keys and sessions: what somebody is known by. Pure.

/** What a key may be used for: looking; changing stores; reading stores' credentials; managing people, keys and audit. */
export const SCOPES = ["read", "write", "credentials", "manage"] as const;
export const scopeSchema = z.enum(SCOPES, { error: `A scope is one of: ${SCOPES.join(", ")}.` });
export type Scope = z.infer<typeof scopeSchema>;

/** Every key begins with it, so that it is found where it should not be. */
export const KEY_PREFIX = "sfk_";

export const createKeySchema = z.strictObject({
  /** What it is for. */
  name: z
    .string({ error: "A key needs a name." })
    .trim()
    .min(1, { error: "A key needs a name." })
    .max(60, { error: "The name is longer than 60 characters." })
    .regex(PRINTABLE, { error: "The name holds control characters; remove them." })
    .refine((value) => value.isWellFormed(), { error: "The name holds half of a character; write it anew." }),
  /** Name of the organization it is for. Default: the only one you belong to. */
  organization: z.string().max(100).optional(),
  scopes: z.array(scopeSchema).min(1, { error: "A key needs a scope." }).max(4).default(["read"]),
  /** After how many days it works no more. Default 90, at most 365. */
  days: z.int().min(1).max(365).default(90),
});
export type CreateKey = z.input<typeof createKeySchema>;

export const keySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** How it begins; the rest is known to whoever has it. */
    hint: z.string(),
    /** Whose it is. */
    user: z.string(),
    organization: z.string(),
    scopes: z.array(scopeSchema),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    /** When it was last used, to the minute; absent when it never was. */
    seenAt: z.iso.datetime().optional(),
  })
  .meta({ id: "Key" });
export type Key = z.infer<typeof keySchema>;

export const keyListSchema = pageOf(keySchema).meta({ id: "KeyList" });

/** Shown once: `secret` is what goes into `Authorization: Bearer …`. */
export const newKeySchema = z.object({ key: keySchema, secret: z.string() }).meta({ id: "NewKey" });

/** One place where somebody is signed in. */
export const openSessionSchema = z
  .object({
    id: z.uuid(),
    /** Whether it is the one that asks. */
    current: z.boolean(),
    address: z.string().optional(),
    /** What the browser calls itself. */
    agent: z.string().optional(),
    createdAt: z.iso.datetime(),
    /** When it was last used, to the minute. */
    seenAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "OpenSession" });
export type OpenSession = z.infer<typeof openSessionSchema>;

export const openSessionListSchema = pageOf(openSessionSchema).meta({ id: "OpenSessionList" });
