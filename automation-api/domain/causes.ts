// Why work on a store can fail, whether it may be tried again by itself, and what its owner reads. Pure.

/** What is known of a failure: its kind where we know one, and what was said. */
export interface Failure {
  readonly kind: "locked" | "killed" | "cluster-away" | "not-selling" | "settings" | "problem" | "said";
  /** A sentence. */
  readonly said: string;
}

interface CauseDefinition {
  /** The failure is of this kind; when left out, of any. */
  readonly kind?: Failure["kind"];
  /** What was said matches; when left out, whatever was said. */
  readonly says?: RegExp;
  /** How often the same is tried again by itself; 0 for what time does not mend. */
  readonly retries: number;
  /** Seconds before the first retry; each one after waits twice as long, at most a minute. */
  readonly pause: number;
  /** What the owner reads. `said` is a sentence. */
  readonly sentence: (said: string) => string;
}

const asSaid = (said: string) => said;
const withAdvice = (advice: string) => (said: string) => `${said} ${advice}`;

/** In this order: the first one that fits is the cause. */
const definitions = {
  locked: {
    kind: "locked",
    retries: 5,
    pause: 5,
    sentence: () =>
      "Somebody else is working on the stack, perhaps with the pulumi command line. Try again when that is over.",
  },
  killed: {
    kind: "killed",
    retries: 6,
    pause: 1,
    sentence: withAdvice("Perhaps the machine ran out of memory. Try again."),
  },
  "cluster-away": {
    kind: "cluster-away",
    retries: 5,
    pause: 5,
    sentence: () => "The cluster does not answer. Check that it runs, then try again.",
  },
  "not-selling": {
    kind: "not-selling",
    retries: 1,
    pause: 5,
    sentence: (said) => `The store is up, but it does not sell yet: ${said}`,
  },
  settings: { kind: "settings", retries: 0, pause: 0, sentence: asSaid },
  problem: { kind: "problem", retries: 0, pause: 0, sentence: asSaid },
  "program-killed": {
    says: /signal:? (SIGKILL|killed)|ended by the signal|was killed|ended with exit code (null|137)/i,
    retries: 6,
    pause: 1,
    sentence: withAdvice("Perhaps the machine ran out of memory. Try again."),
  },
  quota: {
    says: /exceeded quota|forbidden: maximum|must specify (limits|requests)/i,
    retries: 0,
    pause: 0,
    sentence: withAdvice("The store's plan allows no more; choose a larger plan."),
  },
  refused: {
    says: /denied the request|admission webhook|is forbidden|unauthorized|violates PodSecurity/i,
    retries: 0,
    pause: 0,
    sentence: withAdvice("The cluster refuses it; ask whoever runs the cluster."),
  },
  "image-missing": {
    says: /(InvalidImageName|manifest unknown|pull access denied|authentication required|(ErrImage|ImagePull)\w*\)?.*(not found|denied))/i,
    retries: 0,
    pause: 0,
    sentence: withAdvice("An image of the store is not in the registry, or may not be read."),
  },
  "image-away": {
    says: /ErrImagePull|ImagePullBackOff|RegistryUnavailable/,
    retries: 2,
    pause: 20,
    sentence: withAdvice("An image could not be fetched; check that the registry can be reached."),
  },
  "no-room": {
    says: /insufficient (cpu|memory|pods|ephemeral-storage)|no nodes available|didn't match|FailedScheduling/i,
    retries: 2,
    pause: 30,
    sentence: withAdvice("The cluster has no room; free some, or add a node."),
  },
  "disk-full": {
    says: /no space left on device|ENOSPC/i,
    retries: 0,
    pause: 0,
    sentence: withAdvice("A disk is full; free some space, then try again."),
  },
  "cluster-busy": {
    says: /connection (refused|reset)|ECONNRE|i\/o timeout|TLS handshake|EOF\b|too many requests|service unavailable|leader changed|etcdserver|does not answer|unable to connect|socket hang up|unreachable|EHOSTUNREACH|ENETUNREACH|no route to host|socket disconnected|ETIMEDOUT|context deadline exceeded/i,
    retries: 5,
    pause: 5,
    sentence: withAdvice("Check that the cluster and Pulumi's state can be reached, then try again."),
  },
  "being-removed": {
    says: /because it is being terminated|object is being deleted|being terminated/i,
    retries: 4,
    pause: 5,
    sentence: withAdvice("Something of the same name is just being removed; try again when it is gone."),
  },
  unknown: { retries: 0, pause: 0, sentence: asSaid },
} as const satisfies Record<string, CauseDefinition>;

export type Cause = keyof typeof definitions;

/** Every cause, for tests and lists. */
export const causes: Readonly<Record<Cause, CauseDefinition>> = definitions;

/** The longest pause before a retry, in seconds. */
const LONGEST_PAUSE = 60;

/** Retries of one operation in all, whatever the causes are. */
export const MOST_RETRIES = 10;

function names(): Cause[] {
  const known = (name: string): name is Cause => Object.hasOwn(definitions, name);
  return Object.keys(definitions).filter(known);
}

export function causeOf({ kind, said }: Failure): Cause {
  const fits = (name: Cause) => {
    const wanted = causes[name];
    return (wanted.kind === undefined || wanted.kind === kind) && (wanted.says === undefined || wanted.says.test(said));
  };
  return names().find(fits) ?? "unknown";
}

/** What the owner reads about a failure. */
export function sentenceFor(failure: Failure): string {
  return causes[causeOf(failure)].sentence(failure.said);
}

/**
 * Seconds to wait before the same is tried again; `undefined` when it is to be given up. `before` holds the causes of the
 * failures that were retried already.
 */
export function pauseBeforeRetry(cause: Cause, before: readonly Cause[]): number | undefined {
  const { retries, pause } = causes[cause];
  const same = before.filter((earlier) => earlier === cause).length;
  if (same >= retries || before.length >= MOST_RETRIES) return undefined;
  return Math.min(pause * 2 ** same, LONGEST_PAUSE);
}
