// install-pulumi.ts <root>: puts the Pulumi CLI of the SDK's version and the plugins of the libraries' versions into
// <root>/bin, where the CLI finds them on its PATH. Where Pulumi's downloads cannot be reached, <root> leads to the offline
// engine, which has its providers built in.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";

const root = process.argv[2] ?? "/opt/pulumi";
const arm = process.arch === "arm64";
const releases = "https://get.pulumi.com/releases";
/** A closed network often swallows packets instead of refusing them. */
const PROBE_MILLISECONDS = 10_000;

function versionOf(library: string): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(`node_modules/@pulumi/${library}/package.json`, "utf8"),
  );
  return manifest.version;
}

async function canDownload(): Promise<boolean> {
  try {
    return (await fetch("https://get.pulumi.com/", { signal: AbortSignal.timeout(PROBE_MILLISECONDS) })).status < 500;
  } catch {
    return false;
  }
}

async function unpack(url: string, ...options: readonly string[]): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  const archive = new Uint8Array(await answer.arrayBuffer());
  execFileSync("tar", ["-xz", "-C", `${root}/bin`, ...options], { input: archive });
}

if (await canDownload()) {
  mkdirSync(`${root}/bin`, { recursive: true });
  await unpack(
    `${releases}/sdk/pulumi-v${versionOf("pulumi")}-linux-${arm ? "arm64" : "x64"}.tar.gz`,
    "--strip-components=1",
  );
  for (const plugin of ["kubernetes", "random"]) {
    const name = `pulumi-resource-${plugin}`;
    await unpack(`${releases}/plugins/${name}-v${versionOf(plugin)}-linux-${arm ? "arm64" : "amd64"}.tar.gz`, name);
  }
} else {
  symlinkSync("/storefleet/toolchain/offline-engine", root);
  process.stdout.write("Pulumi's downloads cannot be reached: the image gets the offline engine.\n");
}
