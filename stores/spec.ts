import { z } from "zod";
import { COUNTRIES, CURRENCIES } from "./iso.ts";

// What a store is asked for. Pure: the dashboard's form, the service and the store program parse with this one schema,
// so nothing here may need Node or Pulumi.

/**
 * Text without control characters. By UTF-16 units, of which pairs make up the rest of Unicode, because not everything that
 * reads our OpenAPI document knows classes such as `\P{Cc}`.
 */
export const PRINTABLE = /^[ -~\u00a0-\uffff]*$/;

/** The shop software a store can run. A new engine is added here and in `engines/registry.ts`. */
export const ENGINES = ["medusa", "woocommerce"] as const;
export type Engine = (typeof ENGINES)[number];

/** The sizes a store can have; `plans.ts` says what they mean. */
export const PLANS = ["basic", "standard", "premium"] as const;
export type Plan = (typeof PLANS)[number];

/** Put before a store's name to make its namespace. */
export const NAMESPACE_PREFIX = "store-";

export const LIMITS = {
  /** A namespace is a DNS label of at most 63 characters (RFC 1123), and ours begins with `store-`. */
  name: 63 - NAMESPACE_PREFIX.length,
  /** What fits on one line of the storefront's header and of a browser tab. */
  displayName: 60,
  /** RFC 5321: the longest path of a mail, less its angle brackets. */
  email: 254,
  /** RFC 1035: a host name as it is written, without its last dot. */
  domain: 253,
} as const;

/** Names that would be taken for something else: namespaces of the cluster, hosts of the platform. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(
  "default platform localhost traefik www api admin app dashboard console status mail smtp ftp".split(" "),
);
/** Kubernetes keeps `kube-` for itself, we keep `storefleet`, and `xn--` begins an encoded international name. */
const RESERVED_PREFIXES = ["kube-", "storefleet", "xn--"];

function isReserved(name: string): boolean {
  return RESERVED_NAMES.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Part of a host name: letters, digits and dashes inside. */
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Whether `text` can be a host name with a dot in it; addresses of the form 10.0.0.1 are none. */
export function isDomain(text: string): boolean {
  const labels = text.split(".");
  const wellFormed = text.length <= LIMITS.domain && labels.every((label) => label.length <= 63 && LABEL.test(label));
  return wellFormed && labels.length >= 2 && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** As it is shown in a sentence. Objects are not written out: their own `toString` may be anything. */
function quoted(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (Array.isArray(value)) return "[…]";
  return typeof value === "object" && value !== null ? "{…}" : String(value);
}

const anyOf = (choices: readonly string[]) => choices.join(", ");

const name = z
  .string({ error: "A store needs a name." })
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, {
    error: ({ input }) =>
      `The name ${quoted(input)} cannot be used: begin with a small letter, go on with small letters, digits and dashes, and end with a letter or digit.`,
  })
  .max(LIMITS.name, {
    error: ({ input }) => `The name is ${String(input).length} characters long; at most ${LIMITS.name} fit.`,
  })
  .refine((value) => !isReserved(value), {
    error: ({ input }) => `The name ${quoted(input)} is reserved; choose another one.`,
  });

const engine = z.enum(ENGINES, {
  error: ({ input }) =>
    input === undefined
      ? `A store needs an engine: ${anyOf(ENGINES)}.`
      : `The engine ${quoted(input)} is not known; choose one of: ${anyOf(ENGINES)}.`,
});

const plan = z.enum(PLANS, {
  error: ({ input }) => `The plan ${quoted(input)} is not known; choose one of: ${anyOf(PLANS)}.`,
});

const engineVersion = z.string().regex(/^\d+(\.\d+)*(\+[a-z]+(\.\d+)+)?$/, {
  error: ({ input }) =>
    `${quoted(input)} is not a version; write one such as 2.18.0, or 11.0.1+wordpress.7.0.4, or leave it out.`,
});

const displayName = z
  .string()
  .trim()
  .min(1, { error: "The display name is empty; leave it out to show the store's name." })
  .max(LIMITS.displayName, { error: `The display name is longer than ${LIMITS.displayName} characters.` })
  // Control characters would break headers and terminals; they are never part of a name.
  .regex(PRINTABLE, { error: "The display name holds control characters such as line breaks; remove them." })
  // Half of a two-part character: JSON can carry it, databases and browsers cannot.
  .refine((value) => value.isWellFormed(), { error: "The display name holds half of a character; write it anew." });

const code = (what: string, example: string, known: ReadonlySet<string>) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => known.has(value), {
      error: ({ input }) => `The ${what} ${quoted(input)} is not known; use a code such as ${example}.`,
    });

const adminEmail = z
  .email({ error: ({ input }) => `${quoted(input)} is not an e-mail address; the store's admin signs in with one.` })
  .max(LIMITS.email, { error: `The admin's e-mail address is longer than ${LIMITS.email} characters.` })
  .toLowerCase();

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .refine(isDomain, {
    error: ({ input }) =>
      `${quoted(input)} is not a domain; write a host name such as shop.example.com, without https:// and without a path.`,
  });

export const specSchema = z
  .strictObject({
    /** Unique among living stores; part of the namespace and of the address. Frozen for the store's life. */
    name,
    engine,
    /** Version of the shop software that the store insists on. Default: follows the Storefleet that runs it. */
    engineVersion: engineVersion.optional(),
    /** Default `basic`. */
    plan: plan.default("basic"),
    /** What customers read. Default: the name. */
    displayName: displayName.optional(),
    /** ISO 4217, in lower case. Default `eur`. */
    currency: code("currency", "eur or usd", CURRENCIES).default("eur"),
    /** ISO 3166-1 alpha-2, in lower case: where the store ships to and pays tax. Default `de`. */
    country: code("country", "de or us", COUNTRIES).default("de"),
    /** Whether the store begins with eight sample products. Default true. */
    sampleData: z.boolean({ error: "Sample data is a yes or no: true or false." }).default(true),
    /** With what the first admin signs in. */
    adminEmail: adminEmail.default("admin@example.com"),
    /** A host name of its own. Default: `<name>.<base domain>`. */
    domain: domain.optional(),
  })
  .transform((spec) => ({ ...spec, displayName: spec.displayName ?? spec.name }));

export type Spec = z.infer<typeof specSchema>;

/** What was asked for cannot be done; the message has one sentence for each mistake. */
export class SettingsProblem extends Error {
  override readonly name = "SettingsProblem";
  readonly sentences: readonly string[];

  constructor(error: z.ZodError) {
    const sentences = error.issues.map(sentence);
    super(sentences.join("\n"), { cause: error });
    this.sentences = sentences;
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") {
    return `${issue.keys.map(quoted).join(" and ")} cannot be set; check the spelling.`;
  }
  // Our own messages are sentences already; zod's own ("Invalid input: …") need to say what they are about.
  return issue.message.startsWith("Invalid") ? `${issue.path.join(".")}: ${issue.message}.` : issue.message;
}

/** Throws a SettingsProblem that names every mistake at once. */
export function parseSpec(input: unknown): Spec {
  const parsed = specSchema.safeParse(input);
  if (!parsed.success) throw new SettingsProblem(parsed.error);
  return parsed.data;
}
