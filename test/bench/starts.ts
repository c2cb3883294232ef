import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import type { ToolchainContext } from "../../toolchain/lib/context.ts";
import { run } from "../../toolchain/lib/exec.ts";
import { repositoryRoot } from "../../toolchain/lib/paths.ts";
import type { Figure } from "./statistics.ts";

interface Started {
  /** Seconds until the dashboard was announced, and until the demo store's page came. */
  readonly ready: number;
  readonly sells: number;
  /** Stops it as Ctrl-C does. */
  stop(): Promise<void>;
}

/** `npm start -- --demo` as a user types it. */
async function start(): Promise<Started> {
  const begin = performance.now();
  const elapsed = () => (performance.now() - begin) / 1000;
  const child = spawn("npm", ["start", "--", "--demo"], {
    cwd: repositoryRoot,
    stdio: ["ignore", "pipe", "inherit"],
    // A process group of its own, as in a terminal, where Ctrl-C reaches all of it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (output.includes("Ctrl-C stops")) break;
  }
  // What it prints later is nobody's business, but it must not block.
  child.stdout.resume();
  const ready = elapsed();
  const address = /^ *Demo +(\S+)$/m.exec(output)?.[1];
  if (address === undefined) throw new Error("npm start did not announce its demo store.");
  while (!(await answers(address))) await sleep(200);
  const stop = async () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    await ended;
  };
  return { ready, sells: elapsed(), stop };
}

async function answers(address: string): Promise<boolean> {
  try {
    const page = await loopbackFetch(address);
    return page.status === 200 && (await page.text()).includes("Stoneware Mug");
  } catch {
    return false;
  }
}

/** Seconds the very first start took, as the start command itself wrote them down; `undefined` when it was not here. */
function firstStart(context: ToolchainContext): number | undefined {
  try {
    const [first] = readFileSync(join(context.paths.logs, "starts.jsonl"), "utf8").split("\n");
    const { seconds }: { seconds: number } = JSON.parse(first ?? "");
    return seconds;
  } catch {
    return undefined;
  }
}

/** `npm start` with everything there, and with the cluster stopped. */
export async function measureStarts(context: ToolchainContext): Promise<Figure[]> {
  await (await start()).stop();
  const again = await start();
  await again.stop();
  await run("npm", ["run", "stop"], { cwd: repositoryRoot });
  const warm = await start();
  await warm.stop();
  const cold = firstStart(context);
  const first: Figure[] =
    cold === undefined ? [] : [{ what: "npm start, the first on this machine", unit: "s", value: cold }];
  return [
    { what: "npm start, everything is there", unit: "s", value: again.ready, atMost: 15 },
    { what: "npm start, the cluster was stopped", unit: "s", value: warm.ready },
    { what: "… until the demo store sells again", unit: "s", value: warm.sells, atMost: 60 },
    ...first,
  ];
}
