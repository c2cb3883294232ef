import { z } from "zod";
import { type InstalledPlatform, recordAct } from "./installed-platform.ts";
import { newSecret, readSecret, setConfig } from "./platform-secrets.ts";

const resealedSchema = z.object({ sealed: z.number(), unopened: z.array(z.string()) });
/** How many kubeconfigs the new key seals, and names of clusters whose kubeconfig no key opened. */
export type Resealed = z.infer<typeof resealedSchema>;

/** Keys of the platform, by the names of their settings. */
interface Keys {
  readonly sealingKey: string | undefined;
  readonly nextSealingKey?: string;
  readonly formerSealingKey?: string;
}

/** Sets all of them at once, and waits until every process knows them. */
async function use(platform: InstalledPlatform, { sealingKey, nextSealingKey, formerSealingKey }: Keys): Promise<void> {
  await setConfig(platform, { sealingKey, nextSealingKey, formerSealingKey });
  await platform.pulumi(["up", "--yes", "--skip-preview"]);
}

/**
 * Seals the kubeconfigs of registered clusters with a new key. Requests are answered and stores run meanwhile: a process opens with a
 * key before any other seals with it, and until nothing is sealed with it any more. A run that was cut off is gone on with by the
 * next one.
 */
export async function rotateSealingKey(platform: InstalledPlatform): Promise<Resealed> {
  const sealingKey = await sealWithNext(platform);
  const resealed = await reseal(platform);
  await use(platform, { sealingKey });
  await recordAct(platform, "rotate sealing key", { kubeconfigs: resealed.sealed, unopened: resealed.unopened.length });
  return resealed;
}

/** @returns the key that everything is sealed with from now on; what was sealed before is opened, too */
async function sealWithNext(platform: InstalledPlatform): Promise<string> {
  const { key = "", next = "", former = "" } = await readSecret(platform, "sealing-key");
  if (former !== "") {
    await use(platform, { sealingKey: key, formerSealingKey: former });
    return key;
  }
  const { key: signing = "" } = await readSecret(platform, "signing-key");
  const nextSealingKey = next === "" ? newSecret() : next;
  await use(platform, { sealingKey: key === "" ? undefined : key, nextSealingKey });
  await use(platform, { sealingKey: nextSealingKey, formerSealingKey: key === "" ? signing : key });
  return nextSealingKey;
}

async function reseal({ kubectl }: InstalledPlatform): Promise<Resealed> {
  const said = await kubectl(["exec", "deployment/api", "--", "node", "automation-api/reseal-kubeconfigs.ts"]);
  return resealedSchema.parse(JSON.parse(said.trim().split("\n").at(-1) ?? ""));
}
