import { parse, stringify } from "yaml";
import { z } from "zod";
import { toSentence } from "../domain/event-lines.ts";

// Kubeconfigs that people give us. They are read on machines of ours, so that nothing in them may name a program or a file.

/** What is kept of it: one context with its cluster and its user. */
export interface GivenKubeconfig {
  readonly content: string;
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
}

/** The message is a sentence for whoever gave it, and repeats nothing secret. */
export class KubeconfigProblem extends Error {
  override readonly name = "KubeconfigProblem";
}

const named = <T extends z.ZodType>(key: string, content: T) =>
  z.array(z.looseObject({ name: z.string() }).and(z.object({ [key]: content }))).default([]);
const anything = z.record(z.string(), z.unknown());
const schema = z.looseObject({
  "current-context": z.string().optional(),
  clusters: named("cluster", anything),
  contexts: named("context", anything),
  users: named("user", anything),
});

const base64 = z.base64();
const clusterSchema = z.object({ server: z.url(), "certificate-authority-data": base64.optional() });
const userSchema = z.object({
  token: z.string().min(1).optional(),
  "client-certificate-data": base64.optional(),
  "client-key-data": base64.optional(),
});

/** Why what else can stand there is refused. */
const REFUSED: Readonly<Record<string, string>> = {
  exec: "begins a program (exec); give a token or a certificate instead",
  "auth-provider": "begins a program (auth-provider); give a token or a certificate instead",
  tokenFile: "names a file (tokenFile); write its content as token",
  "certificate-authority": "names a file (certificate-authority); write it as certificate-authority-data",
  "client-certificate": "names a file (client-certificate); write it as client-certificate-data",
  "client-key": "names a file (client-key); write it as client-key-data",
  username: "signs in by a password, which Kubernetes does not take any more; give a token or a certificate",
  password: "signs in by a password, which Kubernetes does not take any more; give a token or a certificate",
  "insecure-skip-tls-verify": "does not look who answers (insecure-skip-tls-verify); give certificate-authority-data",
  "proxy-url": "goes through a proxy (proxy-url), which is not known here; give an address that can be reached",
};

/** Of no meaning to us. */
const IGNORED: ReadonlySet<string> = new Set(["extensions"]);

/**
 * Takes one context out of a kubeconfig. Throws a KubeconfigProblem.
 * @param context default: the current one
 * @param mayBePlain whether an address of this machine may be without TLS
 */
export function readGivenKubeconfig(text: string, context: string | undefined, mayBePlain: boolean): GivenKubeconfig {
  const config = parsed(text);
  const name = context ?? config["current-context"] ?? "";
  const chosen = contentOf(config.contexts, "context", name);
  if (chosen === undefined) {
    const known = config.contexts.map((each) => `"${each.name}"`).join(", ");
    throw new KubeconfigProblem(`The kubeconfig has no context "${name}"; name one of those it has: ${known}.`);
  }
  const cluster = strict(clusterSchema, contentOf(config.clusters, "cluster", String(chosen.cluster)), "cluster");
  const user = strict(userSchema, contentOf(config.users, "user", String(chosen.user)), "user");
  if (user.token === undefined && (!user["client-certificate-data"] || !user["client-key-data"])) {
    throw new KubeconfigProblem("The user of the kubeconfig has neither a token nor a certificate with its key.");
  }
  requireTls(cluster.server, mayBePlain);
  const kept = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return { content: stringify(kept), context: name, server: cluster.server };
}

function parsed(text: string): z.infer<typeof schema> {
  try {
    // Without aliases: a few lines of them can stand for gigabytes.
    return schema.parse(parse(text, { maxAliasCount: 0 }));
  } catch {
    throw new KubeconfigProblem("This is no kubeconfig: it has to be YAML with clusters, users and contexts.");
  }
}

function contentOf(entries: readonly Record<string, unknown>[], key: string, name: string) {
  return anything.optional().parse(entries.find((each) => each.name === name)?.[key]);
}

function strict<T>(wanted: z.ZodType<T>, content: Record<string, unknown> | undefined, what: string): T {
  if (content === undefined) throw new KubeconfigProblem(`The kubeconfig has no ${what} for this context.`);
  const given = Object.entries(content).filter(([key, value]) => !IGNORED.has(key) && value !== false);
  for (const [key] of given) {
    const why = REFUSED[key];
    if (why !== undefined) throw new KubeconfigProblem(`The ${what} of the kubeconfig ${why}.`);
  }
  const known = wanted instanceof z.ZodObject ? Object.keys(wanted.shape) : [];
  const strange = given.find(([key]) => !known.includes(key));
  if (strange !== undefined) {
    throw new KubeconfigProblem(
      `The ${what} of the kubeconfig holds "${strange[0].slice(0, 40)}", which is not known.`,
    );
  }
  const result = wanted.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join(".") ?? what;
  throw new KubeconfigProblem(toSentence(`The ${what} of the kubeconfig has no usable ${where}`));
}

function requireTls(server: string, mayBePlain: boolean): void {
  const { protocol, hostname, username } = new URL(server);
  if (username !== "") throw new KubeconfigProblem("The server's address holds a name or a password; remove it.");
  if (protocol === "https:") return;
  const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
  if (protocol === "http:" && isHere && mayBePlain) return;
  throw new KubeconfigProblem("The server of the kubeconfig has to be reached by https.");
}
