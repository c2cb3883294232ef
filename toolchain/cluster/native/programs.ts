import { mkdir, rm, statfs, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { ToolchainContext } from "../../lib/context.ts";
import { ToolchainProblem } from "../../lib/problem.ts";
import { catalogue, type ToolName } from "../../tools/catalogue.ts";
import { ensurePrograms, findProgram, type SystemProgram } from "../../tools/debian-packages.ts";
import { forgetBuilds } from "../../tools/go-build.ts";
import { ensureToolFolder, missingTools } from "../../tools/tools.ts";
import { writeCompiler } from "./compiler.ts";
import { layout } from "./settings.ts";

/** What the operating system must provide, by the name the daemons use. */
export const systemPrograms = {
  containerd: { files: ["containerd"], debianPackage: "containerd" },
  ctr: { files: ["ctr"], debianPackage: "containerd" },
  runc: { files: ["runc"], debianPackage: "runc" },
  iptables: { files: ["iptables"], debianPackage: "iptables" },
  ipset: { files: ["ipset"], debianPackage: "ipset" },
  ip: { files: ["ip"], debianPackage: "iproute2" },
  openssl: { files: ["openssl"], debianPackage: "openssl" },
  // Cilium compiles its BPF programs; older compilers than 17 do not know the instructions it uses.
  clang: { files: ["clang-19", "clang-20", "clang-18", "clang-17"], debianPackage: "clang-19" },
  // containerd brings the loopback device of every pod up by this plugin, whatever the network is.
  loopback: { files: ["/usr/lib/cni/loopback", "/opt/cni/bin/loopback"], debianPackage: "containernetworking-plugins" },
  // Statically linked: it is the whole content of the pause image and of the volume helper.
  busybox: { files: ["/bin/busybox", "/usr/bin/busybox"], debianPackage: "busybox-static" },
} as const satisfies Record<string, SystemProgram>;

/** What Go's caches grow to while everything is built, with some room; all but 1 GB is given back afterwards. */
const buildGigabytes = 20;

/** Tools in the order they are built: Helm, kubectl and Kubernetes share most of their modules. */
export const clusterTools = [
  "kubernetes",
  "kubectl",
  "etcd",
  "cilium",
  "coredns",
  "local-path-provisioner",
  "traefik",
  "metrics-server",
] as const satisfies readonly ToolName[];

/** Paths of everything the cluster runs. */
export interface Programs {
  readonly system: Readonly<Record<keyof typeof systemPrograms, string>>;
  /** Folder of each tool's binaries. */
  readonly tools: Readonly<Record<(typeof clusterTools)[number], string>>;
}

/** Where the binaries of some of the tools are. */
export interface ToolsOf<Names extends keyof Programs["tools"]> {
  readonly tools: Pick<Programs["tools"], Names>;
}

/** Installs, downloads or builds what is missing, and links it where the daemons look. */
export async function ensureClusterPrograms(context: ToolchainContext): Promise<Programs> {
  await ensurePrograms(context, Object.values(systemPrograms));
  const toBuild = await missingTools(context, clusterTools);
  if (toBuild.length > 0) await requireBuildSpace(context);
  // One after the other: a Go build uses every core by itself.
  const folder = async (name: ToolName) => ensureToolFolder(context, name);
  const tools = {
    kubernetes: await folder("kubernetes"),
    kubectl: await folder("kubectl"),
    etcd: await folder("etcd"),
    cilium: await folder("cilium"),
    coredns: await folder("coredns"),
    "local-path-provisioner": await folder("local-path-provisioner"),
    traefik: await folder("traefik"),
    "metrics-server": await folder("metrics-server"),
  };
  if (toBuild.length > 0) await forgetBuilds(context);
  const path = async (name: keyof typeof systemPrograms) => (await findProgram(systemPrograms[name])) ?? name;
  const system = {
    containerd: await path("containerd"),
    ctr: await path("ctr"),
    runc: await path("runc"),
    iptables: await path("iptables"),
    ipset: await path("ipset"),
    ip: await path("ip"),
    openssl: await path("openssl"),
    clang: await path("clang"),
    loopback: await path("loopback"),
    busybox: await path("busybox"),
  };
  const programs: Programs = { system, tools };
  await linkPrograms(context, programs);
  return programs;
}

async function requireBuildSpace(context: ToolchainContext): Promise<void> {
  const { bavail, bsize } = await statfs(context.paths.cache);
  const gigabytes = (bavail * bsize) / 1024 ** 3;
  if (gigabytes >= buildGigabytes) return;
  throw new ToolchainProblem(
    `Only ${gigabytes.toFixed(1)} GB are free at ${context.paths.cache}; building the cluster's programs takes up to ${buildGigabytes} GB.`,
    "Free some space, or set STOREFLEET_CACHE to a folder on a larger disk.",
  );
}

async function linkPrograms(context: ToolchainContext, programs: Programs): Promise<void> {
  const { bin, cniBinaries } = layout(context.paths);
  const links: Record<string, string> = {
    [join(cniBinaries, "loopback")]: programs.system.loopback,
    [join(cniBinaries, "cilium-cni")]: join(programs.tools.cilium, "cilium-cni"),
  };
  for (const folder of [bin, cniBinaries]) await mkdir(folder, { recursive: true });
  // Beside the other results of compiling, by the version of the sources.
  const results = join(context.paths.cache, "bpf", catalogue.cilium.version);
  await rm(join(bin, "clang"), { force: true });
  await writeCompiler(bin, programs.system.clang, results);
  for (const [link, target] of Object.entries(links)) {
    await rm(link, { force: true });
    await symlink(target, link);
  }
}
