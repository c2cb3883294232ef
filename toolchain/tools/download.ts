import { createHash } from "node:crypto";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { run } from "../lib/exec.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import type { OfficialDownload } from "./tool.ts";

/** Sites that did not answer this process: asking them again for every tool would cost seconds each. */
const unreachable = new Set<string>();

/** A closed network often swallows packets instead of refusing them; waiting longer would only delay the build. */
const probeMilliseconds = 4000;

/** The published sum of `file`: either the whole text, or the line that ends with the file's name. */
export function findSum(published: string, file: string): string | undefined {
  for (const line of published.split("\n")) {
    const [sum = "", name] = line.trim().split(/\s+\*?/);
    if (/^[0-9a-f]{64}$/.test(sum) && (name === undefined || basename(name) === file)) return sum;
  }
  return undefined;
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<Buffer> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return Buffer.from(await response.arrayBuffer());
}

async function fetchChecked(url: string, sum: string, signal: AbortSignal): Promise<Buffer> {
  const bytes = await fetchBytes(url, signal);
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual === sum) return bytes;
  throw new ToolchainProblem(
    `${url} does not have the published checksum (expected ${sum}, got ${actual}).`,
    "Run the command again; when it stays so, something between this machine and the site changes downloads.",
  );
}

/**
 * Downloads the project's own build of `binaries` into `folder`.
 * Gives `false` when the site cannot be reached or does not have it, so that the caller builds instead.
 * Throws a problem when what came does not match its checksum: that is never worked around silently.
 */
export async function downloadOfficial(
  context: ToolchainContext,
  source: OfficialDownload,
  binaries: readonly string[],
  folder: string,
): Promise<boolean> {
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  try {
    if (source.members === undefined) {
      for (const binary of binaries) {
        const url = source.url.replaceAll("{binary}", binary);
        const bytes = await fetchOne(context, url, source.sums.replaceAll("{binary}", binary));
        await writeFile(join(folder, binary), bytes, { mode: 0o755 });
      }
      return true;
    }
    await unpack(await fetchOne(context, source.url, source.sums), source.members, folder);
    return true;
  } catch (thrown) {
    if (thrown instanceof ToolchainProblem || context.signal.aborted) throw thrown;
    return false;
  }
}

async function fetchOne(context: ToolchainContext, url: string, sums: string): Promise<Buffer> {
  const published = await probe(context, sums);
  const sum = findSum(published, basename(url));
  if (sum === undefined) throw new Error(`${sums} names no checksum for ${basename(url)}.`);
  return fetchChecked(url, sum, context.signal);
}

/** The published sums, by which we also find out whether the site can be reached at all. */
async function probe(context: ToolchainContext, sums: string): Promise<string> {
  const { host } = new URL(sums);
  if (unreachable.has(host)) throw new Error(`${host} cannot be reached.`);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(probeMilliseconds)]);
  try {
    return (await fetchBytes(sums, signal)).toString("utf8");
  } catch (thrown) {
    unreachable.add(host);
    throw thrown;
  }
}

async function unpack(archive: Buffer, members: Readonly<Record<string, string>>, folder: string): Promise<void> {
  const unpacked = join(folder, ".unpacked");
  await mkdir(unpacked, { recursive: true });
  const file = join(unpacked, "archive.tar.gz");
  await writeFile(file, archive);
  for (const [binary, member] of Object.entries(members)) {
    await run("tar", ["-xzf", file, "-C", unpacked, member]);
    await run("mv", [join(unpacked, member), join(folder, binary)]);
    await chmod(join(folder, binary), 0o755);
  }
  await rm(unpacked, { recursive: true });
}
