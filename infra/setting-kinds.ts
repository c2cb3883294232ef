import { z } from "zod";

// Kinds of settings that several concerns have.

/** @param what whose name it is, such as "a Secret" */
export const label = (what: string) =>
  z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, {
    error: ({ input }) => `"${String(input)}" cannot be the name of ${what}; use small letters, digits and dashes.`,
  });

/** Reference of a container image. */
export const image = (what: string) =>
  z
    .string({ error: `No ${what} is named. npm run platform sets it; by hand: pulumi config set ${what} <reference>.` })
    .regex(/^[a-z0-9][\w.:/-]*(:[\w.-]+|@sha256:[a-f0-9]{64})$/, {
      error: ({ input }) => `"${String(input)}" is no reference with a tag or digest for ${what}.`,
    });

/** Empty means "not set". */
export const optional = <T extends z.ZodType>(schema: T) => z.literal("").or(schema);

/** Where a chart is taken from in place of its own repository: a folder, or an address of a registry. */
export const chart = (key: string) =>
  optional(
    z.string().regex(/^(oci:\/\/|\/|\.\.?\/).+/, {
      error: `${key} is a folder such as ./charts/own, or an address that begins with oci://.`,
    }),
  ).default("");

/** What is handed on as it is written, such as the values of a chart. */
export const anything = z.record(z.string(), z.unknown()).default({});
