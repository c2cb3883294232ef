import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import type { ToolchainContext } from "../../lib/context.ts";
import { run, succeeds } from "../../lib/exec.ts";
import { ToolchainProblem } from "../../lib/problem.ts";
import type { Programs } from "./programs.ts";
import { network } from "./settings.ts";

const neededGigabytes = 5;

/** Longest path of a Unix socket, less what our folders and file names add to it. */
const longestHome = 107 - "/cluster/containerd/containerd.sock.ttrpc".length;

/** What keeps this machine from running the native cluster, as sentences with remedies; the first one is thrown. */
export async function requireMachine(context: ToolchainContext): Promise<void> {
  requireLinuxRoot();
  const { home } = context.paths;
  if (Buffer.byteLength(home) > longestHome) {
    throw new ToolchainProblem(
      `The folder ${home} has too long a name for the sockets of the cluster (more than ${longestHome} characters).`,
      "Set STOREFLEET_HOME to a folder with a shorter name.",
    );
  }
  const { bavail, bsize } = await statfs(context.paths.cluster);
  const gigabytes = (bavail * bsize) / 1024 ** 3;
  if (gigabytes < neededGigabytes) {
    throw new ToolchainProblem(
      `Only ${gigabytes.toFixed(1)} GB are free at ${context.paths.cluster}; the cluster needs ${neededGigabytes} GB.`,
      "Free some space, or set STOREFLEET_HOME to a larger disk.",
    );
  }
}

export function requireLinuxRoot(): void {
  if (process.platform !== "linux") {
    throw new ToolchainProblem(
      "There is no Docker here, and only Linux can run the cluster without it.",
      "Install and start Docker, or name a cluster of your own with --context.",
    );
  }
  if (process.getuid?.() !== 0) {
    throw new ToolchainProblem(
      "There is no Docker here, and only root can start the cluster without it.",
      "Install and start Docker, run the command as root, or name a cluster of your own with --context.",
    );
  }
}

function portIsFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Any other error (our device is not there yet) says nothing about the port.
    server.once("error", (error) => resolve(!("code" in error && error.code === "EADDRINUSE")));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

/** Checks that nobody else answers on the port of the stores. */
export async function requireHttpPort(context: ToolchainContext): Promise<void> {
  const port = context.environment.STOREFLEET_HTTP_PORT;
  if (await portIsFree("127.0.0.1", port)) return;
  throw new ToolchainProblem(
    `Port ${port} of 127.0.0.1, on which the stores should answer, is taken by another program.`,
    `Stop that program (ss -tlnp 'sport = ${port}' names it), or set STOREFLEET_HTTP_PORT to a free port.`,
  );
}

/** Checks the ports before anything listens on them: a daemon that cannot bind would only say so in its log. */
export async function requireOwnPorts(): Promise<void> {
  for (const own of [network.apiPort, network.kubeletPort]) {
    if (await portIsFree(network.nodeAddress, own)) continue;
    throw new ToolchainProblem(
      `Port ${own}, which the cluster needs on its own device, is taken by another program on all addresses.`,
      `Stop that program (ss -tlnp 'sport = ${own}' names it) and run the command again.`,
    );
  }
}

/** Makes the device that carries the node's address: a bridge without ports, so that nothing outside reaches it. */
export async function ensureDevice(programs: Programs): Promise<void> {
  const { ip } = programs.system;
  const { device, nodeAddress } = network;
  if (!(await succeeds(ip, ["link", "show", device]))) {
    try {
      await run(ip, ["link", "add", device, "type", "bridge"]);
    } catch (thrown) {
      throw new ToolchainProblem(
        "This machine does not let us make a network device, which the cluster needs.",
        "Run on a machine (or in a container) with CAP_NET_ADMIN, or use Docker.",
        { cause: thrown },
      );
    }
  }
  await run(ip, ["address", "replace", `${nodeAddress}/32`, "dev", device]);
  await run(ip, ["link", "set", device, "up"]);
}
