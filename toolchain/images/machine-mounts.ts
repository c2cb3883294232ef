import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { type AptSetup, readAptSetup } from "./apt-setup.ts";
import { type NpmSetup, readNpmSetup } from "./npm-setup.ts";

/** A file or folder of this machine that the commands of a build can see, and that never becomes part of an image. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly writable: boolean;
}

/** Where a build finds the machine's certificates; the folder is empty in every image. */
const machineFolder = "/run/machine";
const certificatesTarget = `${machineFolder}/certificates.crt`;
const systemCertificates = "/etc/ssl/certs/ca-certificates.crt";
const aptLogins = "/etc/apt/auth.conf.d";

async function writeAptFiles(folder: string, apt: AptSetup, hasCertificates: boolean): Promise<Mount[]> {
  const options = join(folder, "apt.conf");
  const certificates = hasCertificates ? `Acquire::https::CAInfo "${certificatesTarget}";\n` : "";
  await writeFile(options, `${apt.options}${certificates}Acquire::Languages "none";\n`);
  await writeFile(join(folder, "sources.list"), apt.sources);
  const logins = existsSync(aptLogins) ? [{ source: aptLogins, target: aptLogins, writable: false }] : [];
  return [
    { source: join(folder, "sources.list"), target: "/etc/apt/sources.list", writable: false },
    { source: options, target: "/etc/apt/apt.conf.d/99machine", writable: false },
    ...logins,
  ];
}

async function writeNpmFiles(folder: string, cache: string, npm: NpmSetup, hasCertificates: boolean): Promise<Mount[]> {
  const certificates = hasCertificates ? `cafile=${certificatesTarget}\n` : "";
  await writeFile(
    join(folder, "npmrc"),
    `${npm.settings}${certificates}audit=false\nfund=false\nupdate-notifier=false\n`,
  );
  await mkdir(cache, { recursive: true });
  const user =
    npm.userFile === undefined ? [] : [{ source: npm.userFile, target: "/usr/local/etc/npmrc", writable: false }];
  return [
    // What npm itself answered comes first; the user's own file is left to say who they are.
    { source: join(folder, "npmrc"), target: "/root/.npmrc", writable: false },
    ...user,
    { source: cache, target: "/root/.npm", writable: true },
  ];
}

/**
 * Lets builds use the package sources that this machine is configured for.
 * @param folder an empty folder only we can read; whoever made it removes it after the last build
 */
export async function prepareMachineMounts(context: ToolchainContext, folder: string): Promise<readonly Mount[]> {
  const [apt, npm] = await Promise.all([readAptSetup(context), readNpmSetup(context)]);
  const certificates = [npm.certificates, systemCertificates].find((file) => file !== undefined && existsSync(file));
  const machine = join(folder, "machine");
  await mkdir(machine, { recursive: true });
  if (certificates !== undefined) await copyFile(certificates, join(machine, "certificates.crt"));
  const found = certificates !== undefined;
  return [
    { source: machine, target: machineFolder, writable: false },
    ...(await writeAptFiles(folder, apt, found)),
    ...(await writeNpmFiles(folder, join(context.paths.cache, "images", "npm"), npm, found)),
  ];
}
