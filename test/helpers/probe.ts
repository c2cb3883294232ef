import type { TestCluster } from "./cluster.ts";
import { kubectl } from "./kubectl.ts";

/** An address and port that somebody tries to reach. */
export interface Destination {
  /** What it is, for people; every one has another. */
  readonly what: string;
  readonly address: string;
  readonly port: number;
  /** By UDP a name server is asked for the root, and has to answer. Default TCP. */
  readonly protocol?: "TCP" | "UDP";
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

/** How many connections a shell tries at once: each takes a process, and the smallest pods have little memory. */
const AT_ONCE = 40;

// A refused connection counts as reached: its packets got there and back.
const nodeScript = `
const tcp = (host, port, done) => {
  const socket = require("node:net").connect({ host, port });
  socket.setTimeout(${PATIENCE_SECONDS * 1000}, () => done("denied"));
  socket.on("connect", () => done("reached"));
  socket.on("error", (error) => done(error.code === "ECONNREFUSED" ? "reached" : "denied"));
};
const udp = (host, port, done) => {
  const socket = require("node:dgram").createSocket("udp4");
  setTimeout(() => done("denied"), ${PATIENCE_SECONDS * 1000});
  socket.on("message", () => done("reached"));
  socket.on("error", () => done("denied"));
  socket.connect(port, host, () => socket.send(Buffer.from("1234010000010000000000000000020001", "hex")));
};
const lines = process.argv.slice(1).map((target) => new Promise((done) => {
  const [host, port, protocol] = target.split(" ");
  (protocol === "UDP" ? udp : tcp)(host, Number(port), (answer) => done(target + " " + answer));
}));
Promise.all(lines).then((all) => process.stdout.write(all.join("\\n"), () => process.exit()));`;

// The time is up for all of a round together: KILL goes to the shell and to those that still wait.
const bashScript = `
export LC_ALL=C
one() {
  if [ "$3" = UDP ]; then
    exec 3<>"/dev/udp/$1/$2"
    printf '\\022\\064\\001\\000\\000\\001\\000\\000\\000\\000\\000\\000\\000\\000\\002\\000\\001' >&3
    read -r -N 1 -u 3 && echo "$* reached"
  else
    said=$( { exec 3<>"/dev/tcp/$1/$2"; } 2>&1 ) && said=refused
    case $said in *refused*) echo "$* reached" ;; esac
  fi
}
round() { for target in "$@"; do one $target & done; wait; }
export -f one round
while [ $# -gt 0 ]; do
  said=$(timeout -s KILL ${PATIENCE_SECONDS} bash -c 'round "$@"' probe "\${@:1:${AT_ONCE}}" 2>/dev/null)
  for target in "\${@:1:${AT_ONCE}}"; do
    case $'\\n'$said$'\\n' in *$'\\n'"$target reached"$'\\n'*) echo "$target reached" ;; *) echo "$target denied" ;; esac
  done
  shift $(( $# < ${AT_ONCE} ? $# : ${AT_ONCE} ))
done`;

/** Opens a real connection from inside a pod to each destination, and says which of them were reached. */
export async function reached(
  machine: Pick<TestCluster, "cluster" | "kubectl">,
  from: Origin,
  to: readonly Destination[],
): Promise<string[]> {
  const script = from.by === "node" ? ["node", "-e", nodeScript, "--"] : ["bash", "-c", bashScript, "probe"];
  const targets = to.map(({ address, port, protocol = "TCP" }) => `${address} ${port} ${protocol}`);
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
