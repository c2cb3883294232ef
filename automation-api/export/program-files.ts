import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { engines } from "../../stores/engines/registry.ts";
import { imageFiles } from "../../stores/images.ts";
import type { Engine } from "../../stores/spec.ts";

/** One file of an export: its path with slashes, and what is in it. */
export interface ExportedFile {
  readonly path: string;
  readonly content: Buffer;
}

const LEFT_OUT: ReadonlySet<string> = new Set(["node_modules", "images"]);

/**
 * The store program as it is: the chart of the engine, and the sources of its images, from which their tags are made. Files
 * that are given from elsewhere, such as large zips, are left out; a sum beside them stands for them.
 */
export async function programFiles(program: string, engine: Engine): Promise<ExportedFile[]> {
  const entries = await readdir(program, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(program.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => isWanted(path, engine));
  const images = ["base", ...engines[engine].images].flatMap((image) => imagePaths(program, image));
  return Promise.all(
    [...paths, ...images].sort().map(async (path) => ({ path, content: await readFile(join(program, path)) })),
  );
}

function isWanted(path: string, engine: Engine): boolean {
  const [folder = "", chart] = path.split("/");
  // Configuration of other stacks, and whatever else is nobody's program.
  if (LEFT_OUT.has(folder) || /^Pulumi\..+\.yaml$/.test(path) || path.startsWith(".")) return false;
  return folder !== "charts" || chart === engines[engine].chart;
}

function imagePaths(program: string, image: string): string[] {
  const paths = imageFiles(join(program, "images", image));
  const known = new Set(paths);
  return paths.filter((path) => !known.has(`${path}.sha256`)).map((path) => `images/${image}/${path}`);
}
