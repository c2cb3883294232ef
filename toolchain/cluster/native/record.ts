import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Layout } from "./settings.ts";

const recordSchema = z.object({
  /** Fingerprint of the daemons' command lines and configuration. */
  daemons: z.string(),
  /** Fingerprint of the manifests that were applied. */
  manifests: z.string(),
  /** Loopback port of the ingress. */
  httpPort: z.number().int(),
});

/** What the cluster was started with, so that a start knows what it can skip. */
export type StartRecord = z.infer<typeof recordSchema>;

export async function readRecord(at: Layout): Promise<StartRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(at.record, "utf8")));
  } catch {
    return undefined;
  }
}

export async function writeRecord(at: Layout, record: StartRecord): Promise<void> {
  await writeFile(at.record, JSON.stringify(record));
}

export function fingerprint(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/**
 * Names the folder whose cluster runs on this machine. There can be only one: device, BPF programs and addresses are
 * the machine's. On a temporary file system, because a restart of the machine ends the cluster.
 */
const ownerFile = "/run/storefleet/native-cluster.json";
const ownerSchema = z.object({ home: z.string() });

/** The home folder of the native cluster of this machine, whoever started it. */
export async function readOwner(): Promise<string | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(ownerFile, "utf8"))).home;
  } catch {
    return undefined;
  }
}

export async function writeOwner(home: string): Promise<void> {
  await mkdir(dirname(ownerFile), { recursive: true });
  await writeFile(ownerFile, JSON.stringify({ home }));
}

export async function clearOwner(): Promise<void> {
  await rm(dirname(ownerFile), { recursive: true, force: true });
}
