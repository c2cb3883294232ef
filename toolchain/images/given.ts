import { createHash } from "node:crypto";
import { copyFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imagesFolder } from "../../stores/images.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { ToolchainProblem } from "../lib/problem.ts";

/** What no package registry has: the zip files of wordpress.org that go into the WooCommerce image. */
interface Zip {
  readonly file: string;
  /** Variable that names a file of the user's own. */
  readonly variable: "WORDPRESS_ZIP" | "WOOCOMMERCE_ZIP";
  readonly url: string;
  /** Where the publisher tells checksums: of the zip, which is compared, or (`file`) of the files in it, kept beside it. */
  readonly sums: { readonly url: string; readonly file?: string };
}

const wordpressVersion = "7.0.4";
const woocommerceVersion = "11.0.1";

const zips: readonly Zip[] = [
  {
    file: "wordpress.zip",
    variable: "WORDPRESS_ZIP",
    url: `https://wordpress.org/wordpress-${wordpressVersion}.zip`,
    sums: { url: `https://wordpress.org/wordpress-${wordpressVersion}.zip.sha1` },
  },
  {
    file: "woocommerce.zip",
    variable: "WOOCOMMERCE_ZIP",
    url: `https://downloads.wordpress.org/plugin/woocommerce.${woocommerceVersion}.zip`,
    sums: {
      url: `https://downloads.wordpress.org/plugin-checksums/woocommerce/${woocommerceVersion}.json`,
      file: "woocommerce.json",
    },
  },
];

/** A closed network often swallows packets instead of refusing them; waiting longer would only delay the start. */
const probeMilliseconds = 4000;

/** Folder of the WooCommerce image whose files are part of its tag, so that every process names the same image. */
const givenFolder = join(imagesFolder, "woocommerce", "given");

/**
 * Puts the zips where the WooCommerce image takes them from: the user's own file, else what is there, else a download.
 * Where none can be had the image is built without; a store then says what it lacks.
 * @param folder default: `given/` of the image
 */
export async function ensureGivenZips(context: ToolchainContext, folder: string = givenFolder): Promise<void> {
  await Promise.all(zips.map((zip) => ensureZip(context, zip, folder)));
}

async function ensureZip(context: ToolchainContext, zip: Zip, folder: string): Promise<void> {
  const target = join(folder, zip.file);
  const own = context.environment[zip.variable];
  if (own !== undefined) await takeOwn(zip, own, target);
  else if ((await fileSize(target)) === undefined) await downloadZip(context, zip, folder);
  await writeSum(target);
}

/** Beside the zip, so that an image's tag can be told without reading it each time. */
async function writeSum(target: string): Promise<void> {
  const sumFile = `${target}.sha256`;
  const [zipTime, sumTime] = await Promise.all([changedAt(target), changedAt(sumFile)]);
  if (zipTime === undefined || (sumTime !== undefined && sumTime > zipTime)) return;
  const sum = createHash("sha256")
    .update(await readFile(target))
    .digest("hex");
  await writeWhole(sumFile, Buffer.from(`${sum}\n`));
}

async function downloadZip(context: ToolchainContext, zip: Zip, folder: string): Promise<void> {
  const sums = await download(zip.sums.url, AbortSignal.any([context.signal, AbortSignal.timeout(probeMilliseconds)]));
  const bytes = sums === undefined ? undefined : await download(zip.url, context.signal);
  if (sums === undefined || bytes === undefined) return;
  if (zip.sums.file === undefined) requireSum(zip, bytes, sums.toString("utf8").trim());
  else await writeWhole(join(folder, zip.sums.file), sums);
  await writeWhole(join(folder, zip.file), bytes);
}

async function takeOwn({ variable }: Zip, own: string, target: string): Promise<void> {
  const size = await fileSize(own);
  if (size === undefined) {
    throw new ToolchainProblem(
      `${variable} names ${own}, which is no file.`,
      "Correct the variable, or unset it to build without.",
    );
  }
  if (size === (await fileSize(target)) && (await readFile(own)).equals(await readFile(target))) return;
  await copyFile(own, `${target}.new`);
  await rename(`${target}.new`, target);
}

function requireSum({ url }: Zip, bytes: Buffer, expected: string): void {
  const actual = createHash("sha1").update(bytes).digest("hex");
  if (actual === expected) return;
  throw new ToolchainProblem(
    `${url} does not have the published checksum (expected ${expected}, got ${actual}).`,
    "Run the command again; when it stays so, something between this machine and the site changes downloads.",
  );
}

async function download(url: string, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    const response = await fetch(url, { signal });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}

async function writeWhole(file: string, content: Buffer): Promise<void> {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}

/** Milliseconds since 1970; `undefined` when there is no such file. */
async function changedAt(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}

async function fileSize(file: string): Promise<number | undefined> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}
