import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../toolchain/lib/exec.ts";
import { ensureTool } from "../../toolchain/tools/tools.ts";
import { jsonSchemas, type OpenApi } from "./json-schemas.ts";
import { kubectl } from "./kubectl.ts";
import type { Machine } from "./machine.ts";

/** Checks YAML. Gives kubeconform's summary, and throws with its own words when it finds anything. */
export type CheckManifests = (yaml: string) => Promise<string>;

/** Takes kubeconform for one test file, with the schemas of the machine's own cluster: nothing is fetched from elsewhere. */
export async function takeKubeconform(machine: Machine): Promise<CheckManifests> {
  const kubeconform = await ensureTool(machine.context, "kubeconform");
  const openApi: OpenApi = JSON.parse(await kubectl(machine, "get", "--raw", "/openapi/v2"));
  const folder = join(machine.folder, "schemas");
  mkdirSync(folder);
  for (const [name, schema] of jsonSchemas(openApi)) writeFileSync(join(folder, name), JSON.stringify(schema));

  const location = join(folder, "{{ .ResourceKind }}{{ .KindSuffix }}.json");
  return async function check(yaml) {
    const args = ["-strict", "-summary", "-schema-location", location, "-"];
    const { stdout } = await run(kubeconform, args, { input: yaml, timeoutSeconds: 60 });
    return stdout.trim();
  };
}
