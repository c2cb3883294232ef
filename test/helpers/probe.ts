import { kubectl } from "./kubectl.ts";
import type { Machine } from "./machine.ts";

/** An address and port that somebody tries to reach. */
export interface Destination {
  /** What it is, for people. */
  readonly what: string;
  readonly address: string;
  readonly port: number;
}

/** A pod from which connections are tried. */
export interface Origin {
  readonly namespace: string;
  readonly pod: string;
  /** With what it can open a connection: its image has Node, or a shell that can. */
  readonly by: "node" | "bash";
}

/** Dropped packets are never answered; on one machine an answer takes a millisecond. */
const PATIENCE_SECONDS = 2;

// A refused connection counts as reached: its packets got there and back.
const nodeScript = `
const net = require("node:net");
const lines = process.argv.slice(1).map((target) => new Promise((done) => {
  const [host, port] = target.split(" ");
  const socket = net.connect({ host, port: Number(port) });
  const end = (answer) => { socket.destroy(); done(target + " " + answer); };
  socket.setTimeout(${PATIENCE_SECONDS * 1000}, () => end("denied"));
  socket.on("connect", () => end("reached"));
  socket.on("error", (error) => end(error.code === "ECONNREFUSED" ? "reached" : "denied"));
}));
Promise.all(lines).then((all) => console.log(all.join("\\n")));`;

const bashScript = `
for target in "$@"; do (
  set -- $target
  if said=$(timeout ${PATIENCE_SECONDS} bash -c "exec 3<>/dev/tcp/$1/$2" 2>&1); then answer=reached
  else case $said in *refused*) answer=reached ;; *) answer=denied ;; esac; fi
  echo "$1 $2 $answer"
) & done; wait`;

/** Opens a real connection from inside a pod to each destination, all at once, and says which of them were reached. */
export async function reached(machine: Machine, from: Origin, to: readonly Destination[]): Promise<string[]> {
  const script = from.by === "node" ? ["node", "-e", nodeScript, "--"] : ["bash", "-c", bashScript, "probe"];
  const targets = to.map(({ address, port }) => `${address} ${port}`);
  const said = await kubectl(machine, "exec", "--namespace", from.namespace, from.pod, "--", ...script, ...targets);
  const answers = new Map(
    said
      .trim()
      .split("\n")
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)] as const),
  );
  return to
    .filter((_one, index) => {
      const answer = answers.get(targets[index] ?? "");
      if (answer === undefined) throw new Error(`The probe in ${from.pod} said nothing about ${targets[index]}.`);
      return answer === "reached";
    })
    .map(({ what }) => what);
}
