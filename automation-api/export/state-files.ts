import { stringify } from "yaml";
import { z } from "zod";
import type { StackConfig } from "../stack-runner.ts";
import type { ExportedFile } from "./program-files.ts";

/** Name of the store program's project, and of the organization that every stack in a folder belongs to. */
const PROJECT = "stores";
const ORGANIZATION = "organization";

/** What `pulumi stack export` prints, as far as it matters to us; the rest is passed on as it is. */
const exportSchema = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({
    secrets_providers: z
      .looseObject({
        type: z.string(),
        state: z.looseObject({
          salt: z.string().optional(),
          url: z.string().optional(),
          encryptedkey: z.string().optional(),
        }),
      })
      .optional(),
  }),
});

/**
 * Configuration and state of a stack as the Pulumi CLI keeps them: `Pulumi.<stack>.yaml`, and a folder that is a `file://`
 * backend. Secrets stay encrypted as they are. Throws when the export is of a format that we do not know.
 */
export function stateFiles(stack: string, config: StackConfig, exported: unknown): ExportedFile[] {
  const { deployment } = exportSchema.parse(exported);
  const checkpoint = { stack: `${ORGANIZATION}/${PROJECT}/${stack}`, latest: deployment };
  const settings = Object.entries(config).map(([key, value]) => [`${PROJECT}:${key}`, value]);
  const file = (path: string, text: string) => ({ path, content: Buffer.from(text) });
  return [
    file(
      `Pulumi.${stack}.yaml`,
      stringify({ ...secretsOf(deployment.secrets_providers), config: Object.fromEntries(settings) }),
    ),
    file("state/.pulumi/meta.yaml", "version: 1\n"),
    file(`state/.pulumi/stacks/${PROJECT}/${stack}.json`, JSON.stringify({ version: 3, checkpoint }, undefined, 2)),
  ];
}

/** By what the secrets are opened, as the configuration says it. */
function secretsOf(provider: z.infer<typeof exportSchema>["deployment"]["secrets_providers"]): Record<string, string> {
  const { salt, url, encryptedkey } = provider?.state ?? {};
  return {
    ...(provider?.type === "passphrase" && salt !== undefined && { encryptionsalt: salt }),
    ...(provider?.type === "cloud" && url !== undefined && { secretsprovider: url }),
    ...(provider?.type === "cloud" && encryptedkey !== undefined && { encryptedkey }),
  };
}
