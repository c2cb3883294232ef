import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolchainContext } from "../../lib/context.ts";
import { run } from "../../lib/exec.ts";
import { ToolchainProblem } from "../../lib/problem.ts";
import { findProgram } from "../../tools/debian-packages.ts";
import { systemPrograms } from "./programs.ts";
import { dockerArchive, type ScratchImage } from "./scratch-image.ts";
import { containerNamespace, layout } from "./settings.ts";

async function ctr(context: ToolchainContext, args: readonly string[]): Promise<string> {
  const command = (await findProgram(systemPrograms.ctr)) ?? "ctr";
  const { containerdSocket } = layout(context.paths);
  const result = await run(command, ["--address", containerdSocket, "--namespace", containerNamespace, ...args], {
    signal: context.signal,
  });
  return result.stdout;
}

/** Names of all images the node holds. */
export async function imageNames(context: ToolchainContext): Promise<Set<string>> {
  const names = await ctr(context, ["images", "list", "--quiet"]);
  return new Set(names.split("\n").filter((name) => name !== ""));
}

/** Loads an archive into the node and checks that the image is there under the expected name. */
export async function importArchive(context: ToolchainContext, archive: string, reference: string): Promise<void> {
  await ctr(context, ["images", "import", archive]);
  if ((await imageNames(context)).has(reference)) return;
  throw new ToolchainProblem(
    `The archive ${archive} was loaded, but it holds no image named ${reference}.`,
    "Build the image again under that name.",
  );
}

/** Makes and loads those images the node does not hold yet. */
export async function ensureScratchImages(
  context: ToolchainContext,
  images: readonly { reference: string; make: () => Promise<ScratchImage> }[],
): Promise<void> {
  const present = await imageNames(context);
  const missing = images.filter(({ reference }) => !present.has(reference));
  if (missing.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), "storefleet-images-"));
  try {
    // One at a time: each archive is as large as the program it holds.
    for (const [index, { reference, make }] of missing.entries()) {
      const archive = join(folder, `${index}.tar`);
      await writeFile(archive, dockerArchive(await make()));
      await importArchive(context, archive, reference);
      await rm(archive);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
