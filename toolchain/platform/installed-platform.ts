import { run } from "../lib/exec.ts";

/** What kubectl reads and writes besides its arguments. */
export interface Streams {
  /** Text for its standard input, or the file it is read from. */
  readonly input?: string;
  readonly from?: string;
  /** File for its standard output, which is not kept then. */
  readonly to?: string;
}

/** A platform in a cluster, as those see it who look after it. */
export interface InstalledPlatform {
  readonly namespace: string;
  /** Where the settings of its stack are kept. */
  readonly configFile: string;
  /** Runs a Pulumi command on the platform's stack, with a text on its standard input. */
  pulumi(words: readonly string[], input?: string): Promise<string>;
  /** Runs kubectl in the platform's namespace and gives what it writes. */
  kubectl(words: readonly string[], streams?: Streams): Promise<string>;
}

/** Seconds that one command in the cluster may take: a backup of many stores is read within it. */
const PATIENCE = 1800;

/** @param kubectl its path, and the arguments that choose the cluster */
export function kubectlIn(
  namespace: string,
  [kubectl, ...flags]: readonly [string, ...string[]],
): InstalledPlatform["kubectl"] {
  return async (words, { input, from, to } = {}) => {
    const command = [kubectl, ...flags, "--namespace", namespace, ...words];
    const options = { timeoutSeconds: PATIENCE, ...(input !== undefined && { input }) };
    // Files go straight to and from the program: they may be large, and are no text.
    const redirect = `${from === undefined ? "" : ' < "$from"'}${to === undefined ? "" : ' > "$to"'}`;
    const env = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const script = ["-c", `umask 077; exec "$@"${redirect}`, "sh", ...command];
    return (await run("sh", script, { ...options, env })).stdout;
  };
}

/** An object of the cluster as JSON; `undefined` when it is not there. */
export async function readObject({ kubectl }: InstalledPlatform, name: string): Promise<unknown> {
  const answer = await kubectl(["get", name, "--ignore-not-found", "--output", "json"]);
  return answer.trim() === "" ? undefined : JSON.parse(answer);
}

/** Writes into the audit log that somebody who looks after the cluster did something. */
export async function recordAct({ kubectl }: InstalledPlatform, action: string, after: object = {}): Promise<void> {
  const script = ["node", "automation-api/record-act.ts", action];
  await kubectl(["exec", "--stdin", "deployment/api", "--", ...script], { input: JSON.stringify(after) });
}
