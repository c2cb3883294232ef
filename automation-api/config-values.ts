import { z } from "zod";
import { parseTarget, type Target } from "../stores/target.ts";

// What a variable of the environment can hold. Messages go on after its name; none repeats a value.

export const text = (what: string) => z.string({ error: `is not set; it gives ${what}` });
export const whole = (what: string, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: `is not a whole number; it gives ${what}` })
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, { error: `must be between 1 and ${most}` });
export const choice = <T extends string>(choices: readonly [T, ...T[]]) =>
  z.enum(choices, { error: `must be one of: ${choices.join(", ")}` });

export const target = text("where stores run, as JSON").transform((json, context): Target => {
  try {
    return parseTarget(JSON.parse(json));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: "custom", message: `does not say where stores run: ${message}` });
    return z.NEVER;
  }
});

/** What Pulumi encrypts a stack's secrets with; the kinds that the CLI knows. */
export const secretsProvider = z.string().regex(/^(passphrase$|(awskms|azurekeyvault|gcpkms|hashivault):\/\/.)/, {
  error: "must be passphrase, or begin with awskms://, azurekeyvault://, gcpkms:// or hashivault://",
});

export const origin = z
  .url({ protocol: /^https?$/, error: "must be an origin such as http://localhost:8090" })
  .transform((value) => new URL(value).origin);

/** A random value that something is computed from, or sealed with. */
export const key = z.string().min(32, { error: "is shorter than 32 characters" });

/** How many proxies stand before us, or their addresses and networks. */
export type TrustedProxies = number | readonly string[];

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

export const trustedProxies = z.string().transform((value, context): TrustedProxies => {
  if (/^[1-9]$/.test(value)) return Number(value);
  const parsed = z.array(network).safeParse(value.split(",").map((each) => each.trim()));
  if (parsed.success) return parsed.data;
  const message = "must be a number of proxies from 1 to 9, or their addresses such as 10.0.0.1,192.168.0.0/16";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** Everything but what only we need to know. */
export function inheritable(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const hidden: ReadonlySet<string> = new Set([
    "STOREFLEET_SIGNING_KEY",
    "STOREFLEET_SEALING_KEY",
    "STOREFLEET_OTHER_SEALING_KEYS",
    "STOREFLEET_METRICS_TOKEN",
    "STOREFLEET_OIDC_CLIENT_SECRET",
  ]);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !hidden.has(name)));
}

const PULUMI_VARIABLES = [
  "PULUMI_BACKEND_URL",
  "PULUMI_HOME",
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "KUBECONFIG",
  "STOREFLEET_KUBE_CONTEXT",
] as const;

/** What Pulumi's processes are given: exactly the variables of these names that are set. */
export function pulumiEnvironment(
  values: Readonly<Partial<Record<(typeof PULUMI_VARIABLES)[number], string | undefined>>>,
): Record<string, string> {
  const given = PULUMI_VARIABLES.map((name) => [name, values[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is [(typeof entry)[0], string] => entry[1] !== undefined));
}
