import { z } from "zod";
import type { StackResource } from "./contract/store.ts";

// The part of an exported stack that may be kept: what there is and how it hangs together, never what it holds.

const exportSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          parent: z.string().optional(),
          dependencies: z.array(z.string()).nullish(),
          /** What a replacement is about to remove. */
          delete: z.boolean().optional(),
        }),
      )
      .nullish(),
  }),
});

function isShown(type: string): boolean {
  return type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");
}

/** The resources in what `pulumi stack export` prints, without the stack itself and without providers. */
export function resourcesOf(exported: unknown): readonly StackResource[] {
  const { resources } = exportSchema.parse(exported).deployment;
  const shown = (resources ?? []).filter((resource) => isShown(resource.type) && resource.delete !== true);
  const known = new Set(shown.map(({ urn }) => urn));
  return shown.map(({ urn, type, parent, dependencies }) => ({
    urn,
    name: urn.split("::").at(-1) ?? urn,
    type,
    ...(parent !== undefined && known.has(parent) ? { parent } : {}),
    dependencies: (dependencies ?? []).filter((dependency) => known.has(dependency)),
  }));
}
