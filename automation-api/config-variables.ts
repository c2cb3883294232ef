import { z } from "zod";
import { choice, key, origin, secretsProvider, target, text, trustedProxies, whole } from "./config-values.ts";
import { LOG_LEVELS } from "./logger.ts";
import { requireBoth, singleSignOnShape } from "./single-sign-on-config.ts";

// The variables of the environment, and what each can hold; `config.ts` reads them.

const signInShape = {
  DATABASE_URL: text("the address of the database").regex(/^postgres(ql)?:\/\//, {
    error: "must begin with postgres://",
  }),
  STOREFLEET_PORT: whole("the port of the dashboard", 65535).default(8090),
  STOREFLEET_PUBLIC_ORIGIN: origin.optional(),
};

const shape = z.object({
  ...signInShape,
  ...singleSignOnShape,
  STOREFLEET_ROLE: choice(["api", "worker", "all", "migrate"]).default("all"),
  STOREFLEET_LISTEN: z
    .union([z.ipv4(), z.ipv6()], { error: "must be an address of this machine" })
    .default("127.0.0.1"),
  STOREFLEET_TRUSTED_PROXIES: trustedProxies.optional(),
  STOREFLEET_INGRESS_ADDRESS: z
    .string()
    .regex(/^[^:/]+:\d+$/, { error: "must be the host and port of the ingress controller, such as traefik.traefik:80" })
    .optional(),
  STOREFLEET_OPERATION_JOB: z.string().optional(),
  STOREFLEET_NAMESPACE: z.string().default("storefleet-system"),
  STOREFLEET_WEB: z.string().optional(),
  STOREFLEET_CONCURRENCY: whole("how many operations run at the same time", 100).default(4),
  STOREFLEET_LEASE_SECONDS: whole("after how many silent seconds a worker is given up", 3600).default(30),
  STOREFLEET_RETENTION_DAYS: whole("for how many days what is over is remembered", 36500).default(365),
  STOREFLEET_LOG_LEVEL: choice(LOG_LEVELS).default("info"),
  STOREFLEET_SIGN_OF_LIFE: z.string().optional(),
  STOREFLEET_FAULTS: z.string().optional(),
  STOREFLEET_SIGNING_KEY: key.optional(),
  STOREFLEET_SEALING_KEY: key.optional(),
  STOREFLEET_OTHER_SEALING_KEYS: z
    .string()
    .transform((list) => list.split(",").filter((each) => each !== ""))
    .pipe(z.array(key))
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: "must begin with http:// or https://" }).optional(),
  STOREFLEET_METRICS_TOKEN: z.string().min(16, { error: "is shorter than 16 characters" }).optional(),
  STOREFLEET_STORE_PROGRAM: text("the folder of the store program"),
  STOREFLEET_WORK: text("the folder for work folders of stacks"),
  STOREFLEET_PULUMI_ROOT: z.string().optional(),
  STOREFLEET_PULUMI_DESCRIPTION: text("a sentence about Pulumi"),
  STOREFLEET_PULUMI_VERSION: text("the version of Pulumi"),
  STOREFLEET_SECRETS_PROVIDER: secretsProvider.optional(),
  PULUMI_BACKEND_URL: text("where Pulumi keeps its state"),
  PULUMI_HOME: z.string().optional(),
  PULUMI_CONFIG_PASSPHRASE: z.string().optional(),
  PULUMI_CONFIG_PASSPHRASE_FILE: z.string().optional(),
  KUBECONFIG: text("how the cluster is reached"),
  STOREFLEET_KUBE_CONTEXT: text("which context of the kubeconfig is used"),
  STOREFLEET_CLUSTER_DESCRIPTION: text("a sentence about the cluster"),
  STOREFLEET_DATABASE_DESCRIPTION: text("a sentence about the database"),
  STOREFLEET_TARGET: target,
});
/** Every variable that the service knows. */
export const variables = shape.superRefine(requireBoth);

/** Those with which a sign-in link is made. */
export const signInVariables = z.object(signInShape);
