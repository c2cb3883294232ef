import { createHash } from "node:crypto";
import { copyFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { givenFolder, pinnedVersions, versionFile } from "../../stores/engines/woocommerce-versions.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { ToolchainProblem } from "../lib/problem.ts";
import { differences, filesIn, publishedSums, type Software, versionIn } from "./given-zip.ts";

/** What no package registry has: the zip files of wordpress.org that go into the WooCommerce image. */
interface Zip {
  readonly software: Software;
  readonly title: string;
  /** Variable that names a file of the user's own. */
  readonly variable: "WORDPRESS_ZIP" | "WOOCOMMERCE_ZIP";
  readonly url: string;
}

const zips: readonly Zip[] = [
  {
    software: "wordpress",
    title: "WordPress",
    variable: "WORDPRESS_ZIP",
    url: `https://wordpress.org/wordpress-${pinnedVersions.wordpress}.zip`,
  },
  {
    software: "woocommerce",
    title: "WooCommerce",
    variable: "WOOCOMMERCE_ZIP",
    url: `https://downloads.wordpress.org/plugin/woocommerce.${pinnedVersions.woocommerce}.zip`,
  },
];

/** A closed network often swallows packets instead of refusing them; waiting longer would only delay the start. */
const probeMilliseconds = 4000;

/** The content of an address; `undefined` where it cannot be had. */
export type Download = (url: string, signal: AbortSignal) => Promise<Buffer | undefined>;

/**
 * Puts the zips where the WooCommerce image takes them from: the user's own file, else what is there, else a download.
 * Where none can be had the image is built without; a store then says what it lacks. Wherever the publisher's sums can
 * be had, every file is compared: a download that differs is refused, and of a file of the user's own it is said.
 * @param folder default: `given/` of the image
 */
export async function ensureGivenZips(
  context: ToolchainContext,
  folder: string = givenFolder,
  download: Download = fetchWhole,
): Promise<void> {
  // Both to their end, so that one problem does not leave the other half at work behind our back.
  const results = await Promise.allSettled(zips.map((zip) => ensureZip(context, zip, folder, download)));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function ensureZip(context: ToolchainContext, zip: Zip, folder: string, download: Download): Promise<void> {
  const target = join(folder, `${zip.software}.zip`);
  const own = context.environment[zip.variable];
  if (own !== undefined) await takeOwn(zip, own, target);
  else if ((await fileSize(target)) === undefined) await downloadZip(context, zip, folder, download);
  if (await isNoted(target)) return;
  const bytes = await readFile(target);
  const { version, differing } = await inspect(context, zip, bytes, download);
  if (differing.length > 0)
    context.reporter.info(`${describeDifference(zip, version, differing)} It is used all the same.`);
  await note(zip, folder, bytes, version);
}

/** Whether version and sum of what is there now are written down; yes also when nothing is there. */
async function isNoted(target: string): Promise<boolean> {
  const [zipTime, sumTime] = await Promise.all([changedAt(target), changedAt(`${target}.sha256`)]);
  return zipTime === undefined || (sumTime !== undefined && sumTime > zipTime);
}

/** The sum stands beside the zip so that an image's tag can be told without reading it each time. */
async function note({ software }: Zip, folder: string, bytes: Buffer, version: string): Promise<void> {
  await writeWhole(versionFile(folder, software), Buffer.from(`${version}\n`));
  const sum = createHash("sha256").update(bytes).digest("hex");
  await writeWhole(join(folder, `${software}.zip.sha256`), Buffer.from(`${sum}\n`));
}

interface Inspection {
  readonly version: string;
  /** Paths of files that are not as they were published; empty also where the sums cannot be had. */
  readonly differing: readonly string[];
}

async function inspect(context: ToolchainContext, zip: Zip, bytes: Buffer, download: Download): Promise<Inspection> {
  const files = filesIn(zip.software, bytes);
  const version = files && versionIn(zip.software, files);
  if (files === undefined || version === undefined) {
    throw new ToolchainProblem(
      `The file given as ${zip.software}.zip is no zip of ${zip.title} as wordpress.org gives it away.`,
      `Name another file with ${zip.variable}, or remove stores/images/woocommerce/given/${zip.software}.zip.`,
    );
  }
  const briefly = AbortSignal.any([context.signal, AbortSignal.timeout(probeMilliseconds)]);
  const published = await publishedSums(zip.software, version, (url) => download(url, briefly));
  return { version, differing: published === undefined ? [] : differences(files, published) };
}

async function downloadZip(context: ToolchainContext, zip: Zip, folder: string, download: Download): Promise<void> {
  // The sums first: they are small, and where they cannot be had the zip cannot either.
  const briefly = AbortSignal.any([context.signal, AbortSignal.timeout(probeMilliseconds)]);
  const published = await publishedSums(zip.software, pinnedVersions[zip.software], (url) => download(url, briefly));
  const bytes = published && (await download(zip.url, context.signal));
  if (bytes === undefined) return;
  const { version, differing } = await inspect(context, zip, bytes, download);
  if (differing.length > 0) {
    throw new ToolchainProblem(
      describeDifference(zip, version, differing),
      "Run the command again; when it stays so, something between this machine and wordpress.org changes downloads.",
    );
  }
  await writeWhole(join(folder, `${zip.software}.zip`), bytes);
  await note(zip, folder, bytes, version);
}

function describeDifference({ title }: Zip, version: string, differing: readonly string[]): string {
  const [first = "", ...others] = differing;
  const which = others.length === 0 ? `${first} differs` : `${first} and ${others.length} more differ`;
  return `The zip of ${title} ${version} is not what wordpress.org has published: ${which}.`;
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

async function fetchWhole(url: string, signal: AbortSignal): Promise<Buffer | undefined> {
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
