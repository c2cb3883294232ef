import type { TestCluster } from "../../helpers/cluster.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Goal, Source } from "./world.ts";

/**
 * A program for Node: for so many seconds, with a pause of so many milliseconds, it begins a connection to each of the
 * targets (`address:port`). It writes when it began, what was reached and when that connection was begun, and how many tries
 * there were; moments are seconds since 1970.
 */
export const steadily = `
const net = require("node:net");
const [seconds, pause, ...targets] = process.argv.slice(1);
const end = Date.now() + seconds * 1000;
let tries = 0;
const one = (target) => {
  tries += 1;
  const at = Date.now();
  const [host, port] = target.split(":");
  const socket = net.connect({ host, port });
  const done = (isReached) => { socket.destroy(); if (isReached) console.log("reached", target, at / 1000); };
  socket.setTimeout(500, () => done(false));
  socket.on("connect", () => done(true));
  socket.on("error", (error) => done(error.code === "ECONNREFUSED"));
};
console.log("node", Date.now() / 1000);
const clock = setInterval(() => {
  if (Date.now() < end) return targets.forEach(one);
  clearInterval(clock);
  setTimeout(() => console.log("tries", tries), 600);
}, pause);`;

/** Seconds of one round, and milliseconds between two tries of each connection. */
const ROUND = 10;
const PAUSE = 250;

/** Tries the same connections from inside a pod, round by round, until told to stop. */
export async function tryUntil(
  machine: TestCluster,
  { namespace, pod }: Source,
  goals: readonly Goal[],
  isOver: () => boolean,
): Promise<{ tries: number; through: string[] }> {
  const targets = goals.map(({ address, port }) => `${address}:${port}`);
  const command = ["node", "-e", steadily, "--", String(ROUND), String(PAUSE), ...targets];
  const through: string[] = [];
  let tries = 0;
  do {
    const said = await kubectl(machine, "exec", "--namespace", namespace, pod, "--", ...command);
    const lines = said.split("\n");
    tries += Number(lines.find((line) => line.startsWith("tries "))?.slice("tries ".length));
    through.push(...lines.filter((line) => line.startsWith("reached ")).map((line) => `${namespace}/${pod}: ${line}`));
  } while (!isOver());
  return { tries, through };
}
