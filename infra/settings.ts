import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { certificateMistakes, certificateShape } from "./certificate-settings.ts";
import { ingressShape } from "./ingress-settings.ts";
import { observabilityMistakes, observabilityShape } from "./observability-settings.ts";
import { image, label, optional } from "./setting-kinds.ts";

const size = z.string().regex(/^\d+(Mi|Gi|Ti)$/, {
  error: ({ input }) => `"${String(input)}" is no size of a volume such as 2Gi.`,
});
const count = (what: string, most: number) =>
  z.coerce
    .number()
    .int()
    .min(1, { error: `There must be at least one ${what}.` })
    .max(most);

const SECRETS_PROVIDER = /^(passphrase$|(awskms|azurekeyvault|gcpkms|hashivault):\/\/.)/;
const BACKEND = /^(volume|(s3|gs|azblob|postgres|postgresql|https|file):\/\/.+)$/;

const shape = z.object({
  namespace: label("a namespace").default("storefleet-system"),
  apiImage: image("apiImage"),
  workerImage: image("workerImage"),
  databaseImage: optional(image("databaseImage")).default(""),
  storeImageRegistry: z.string().default("localhost"),
  ...ingressShape,
  ...certificateShape,
  database: z
    .enum(["statefulset", "cloudnativepg", "external"], {
      error: "database must be one of: statefulset, cloudnativepg, external.",
    })
    .default("statefulset"),
  databaseInstances: count("server of the database", 9).default(3),
  databaseOperator: z
    .enum(["expect", "install"], { error: "databaseOperator must be one of: expect, install." })
    .default("expect"),
  databaseStorage: size.default("2Gi"),
  databaseRole: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, { error: "databaseRole is a name of small letters, digits and underscores." })
    .default("storefleet"),
  storageClass: optional(label("a storage class")).default(""),
  stateBackend: z
    .string()
    .regex(BACKEND, { error: "stateBackend must be volume, or the address of a Pulumi backend such as s3://bucket." })
    .default("volume"),
  stateStorage: size.default("2Gi"),
  secretsProvider: z
    .string()
    .regex(SECRETS_PROVIDER, {
      error: "secretsProvider must be passphrase, or a key such as awskms://alias/stores or hashivault://stores.",
    })
    .default("passphrase"),
  vault: z.enum(["none", "development"], { error: "vault must be one of: none, development." }).default("none"),
  vaultImage: image("vaultImage").default("docker.io/hashicorp/vault:1.21.1"),
  credentialsSecret: optional(label("a Secret")).default(""),
  passphraseSecret: optional(label("a Secret")).default(""),
  apiReplicas: count("API pod", 50).default(1),
  apiMaxReplicas: z.coerce.number().int().min(0).max(50).default(0),
  workerReplicas: count("worker", 200).default(1),
  workerMaxReplicas: z.coerce.number().int().min(0).max(200).default(0),
  queueMetric: optional(
    z.string().regex(/^[a-z][a-z0-9_.-]*$/, { error: "queueMetric is the name of a metric." }),
  ).default(""),
  ...observabilityShape,
  operations: z.enum(["processes", "pods"], { error: "operations must be one of: processes, pods." }).default("pods"),
  concurrency: count("operation at a time", 100).default(4),
});

const MISTAKES: Readonly<Record<string, (settings: z.infer<typeof shape>) => boolean>> = {
  ...certificateMistakes,
  ...observabilityMistakes,
  "database is statefulset, but no databaseImage is named: there would be nothing to run.": (settings) =>
    settings.database === "statefulset" && settings.databaseImage === "",
  "vault is development, but secretsProvider names no key in it: set it to hashivault://stores.": (settings) =>
    settings.vault !== "none" && !settings.secretsProvider.startsWith("hashivault://"),
};

const settingsSchema = shape.superRefine((settings, context) => {
  for (const [message, isMade] of Object.entries(MISTAKES)) {
    if (isMade(settings)) context.addIssue({ code: "custom", message });
  }
});

/** What opens the stores' state, what secrets of webhooks are computed from, the password of `databaseRole`, a certificate. */
const SEALING_KEYS = ["sealingKey", "nextSealingKey", "formerSealingKey"] as const;
const GIVEN = ["passphrase", "signingKey", ...SEALING_KEYS, "databasePassword", "tlsCertificate", "tlsKey"] as const;

/** Settings that are no text. */
const OBJECTS: readonly string[] = ["ingressAnnotations", "traefikValues", "dnsSolver", "monitoringLabels"];

/** Everything the program is told, checked; `Pulumi.yaml` describes each key. */
export type Settings = z.infer<typeof settingsSchema> & {
  /** Address of an external database. Secret. */
  readonly databaseUrl: pulumi.Output<string> | undefined;
  /** Secrets that are given instead of made here: after a rotation, or a restore. */
  readonly given: Readonly<Partial<Record<(typeof GIVEN)[number], pulumi.Output<string>>>>;
  /** How the cluster is reached; both left out: as kubectl would. */
  readonly connection: { readonly kubeconfig?: string; readonly context?: string };
};

/** Throws one error that names every mistake at once, before any resource exists. */
export function parseSettings(given: Readonly<Record<string, unknown>>): z.infer<typeof settingsSchema> {
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    ({ path, message }) => `  ${[path.join("."), message].filter(Boolean).join(": ")}`,
  );
  throw new Error(`The platform's configuration is not usable:\n${lines.join("\n")}`);
}

/** Reads the stack's configuration. */
export function readSettings(): Settings {
  const config = new pulumi.Config();
  const plain = Object.keys(shape.shape).flatMap((key) => {
    const value = OBJECTS.includes(key) ? config.getObject(key) : config.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const settings = parseSettings(Object.fromEntries(plain));
  const hasUrl = isGiven(config, "databaseUrl");
  if (settings.database === "external" && !hasUrl) {
    throw new Error(
      "database is external, but no databaseUrl is set: pulumi config set --secret databaseUrl postgres://…",
    );
  }
  refuseHalfCertificate(config, settings);
  const context = config.get("context") || process.env.STOREFLEET_KUBE_CONTEXT;
  const kubeconfig = config.get("kubeconfig");
  return {
    ...settings,
    databaseUrl: hasUrl ? config.requireSecret("databaseUrl") : undefined,
    given: Object.fromEntries(
      GIVEN.filter((key) => isGiven(config, key)).map((key) => [key, config.requireSecret(key)]),
    ),
    connection: { ...(kubeconfig && { kubeconfig }), ...(context && { context }) },
  };
}

/** A certificate and its key are set together, and only where certificates are given. */
function refuseHalfCertificate(config: pulumi.Config, { certificates }: z.infer<typeof settingsSchema>): void {
  const [hasCertificate, hasKey] = ["tlsCertificate", "tlsKey"].map((key) => isGiven(config, key));
  if (hasCertificate !== hasKey) throw new Error("tlsCertificate and tlsKey belong together: set both, or none.");
  if (hasCertificate && certificates !== "given") {
    throw new Error("tlsCertificate is set, but not used: set certificates to given, or remove it.");
  }
}

/** Whether a secret is set; where it is not, the project's default makes it empty. */
function isGiven({ name }: pulumi.Config, key: string): boolean {
  return Boolean(pulumi.runtime.getConfig(`${name}:${key}`));
}
