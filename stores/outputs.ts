import { z } from "zod";
import { ENGINES } from "./spec.ts";

// What a finished stack tells. Pure, so that whoever drives the stack parses with the schema the program fulfils.

/** A text for people; empty in the stack, `undefined` here when there is nothing to say. */
const remark = z
  .string()
  .transform((text) => text || undefined)
  .optional();

export const outputsSchema = z.object({
  /** Origin of the storefront. */
  url: z.url(),
  /** Where the owner signs in. */
  adminUrl: z.url(),
  namespace: z.string().min(1),
  engine: z.enum(ENGINES),
  /** Version of the shop software, not of our chart. */
  engineVersion: z.string().min(1),
  /** With what the owner signs in; the password is among the credentials. */
  adminUser: z.string().min(1),
  /** What a person has to do before `url` answers. */
  access: remark,
  /** What the store has less than its plan says, on this cluster. */
  notes: remark,
});

export type Outputs = z.infer<typeof outputsSchema>;

/** The secret output, apart from the others so that it is never stored or shown together with them. */
export const credentialsSchema = z.object({
  adminUser: z.string().min(1),
  adminPassword: z.string().min(1),
  /** Keys that the engine hands to its owner besides, by name. */
  keys: z.record(z.string(), z.string()),
});

export type Credentials = z.infer<typeof credentialsSchema>;
