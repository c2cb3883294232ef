import { homedir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import type { Target } from "../stores/target.ts";
import { inheritable, pulumiEnvironment, type TrustedProxies } from "./config-values.ts";
import { signInVariables, variables } from "./config-variables.ts";
import type { LogLevel } from "./logger.ts";
import type { SealingKeys } from "./sealer.ts";
import { sealingKeysOf, signingKeyOf } from "./signing-key.ts";
import { type SingleSignOnConfig, singleSignOnOf } from "./single-sign-on-config.ts";

// With pod-config.ts the only files that read the environment.

type Environment = Readonly<Record<string, string | undefined>>;

export interface Config {
  /** What this process does. */
  readonly role: "api" | "worker" | "all" | "migrate";
  readonly databaseUrl: string;
  /** Port of the API and the dashboard. */
  readonly port: number;
  /** Address it listens on: this machine's own by default, `0.0.0.0` in a pod. */
  readonly listen: string;
  /** Proxies whose word about where a request comes from is taken; `undefined`: nobody's. */
  readonly trustedProxies: TrustedProxies | undefined;
  /** Origin at which people reach the dashboard, without a slash at its end. */
  readonly publicOrigin: string;
  /** Folder with the built dashboard; `undefined` serves the API alone. */
  readonly web: string | undefined;
  /** Operations that run at the same time, at most. */
  readonly concurrency: number;
  /** After so many seconds without a sign of life, others take over what a worker holds. */
  readonly leaseSeconds: number;
  /** How many days what is over is remembered: operations with their events, deleted stores, findings. */
  readonly retentionDays: number;
  readonly logLevel: LogLevel;
  /** File that is touched while the process lives; `undefined`: nobody looks. */
  readonly signOfLife: string | undefined;
  /** Folder in which tests arm points at which a process dies; see `faults.ts`. `undefined` outside of tests. */
  readonly faults: string | undefined;
  /** What secrets of webhooks are computed from, in every process the same; `undefined`: there are no webhooks. */
  readonly signingKey: string | undefined;
  /** What kubeconfigs of other clusters are sealed with, and what else opens them; `undefined`: there are no other clusters. */
  readonly sealingKeys: SealingKeys | undefined;
  /** Where traces are sent; `undefined`: nowhere. */
  readonly traceEndpoint: string | undefined;
  /** Lets whoever sends it read `/metrics`; `undefined` lets only programs of this machine. */
  readonly metricsToken: string | undefined;
  /** Folder of the store program. */
  readonly storeProgram: string;
  /** Folder in which every stack gets a work folder of its own. */
  readonly workFolders: string;
  readonly pulumi: {
    /** Folder that holds `bin/pulumi`; `undefined` takes `pulumi` from the PATH. */
    readonly root: string | undefined;
    /** A sentence about what is in use. */
    readonly description: string;
    readonly version: string;
    readonly backendUrl: string;
    /** What secrets of new stacks are encrypted with; `undefined`: what is usual for the backend. */
    readonly secretsProvider: string | undefined;
    /** Our environment, which its processes inherit: PATH, proxies, credentials of clouds. */
    readonly inherited: Environment;
    /** What its processes are given on top of that: backend, home, passphrase, cluster. */
    readonly environment: Readonly<Record<string, string>>;
  };
  readonly cluster: { readonly kubeconfig: string; readonly context: string; readonly description: string };
  readonly databaseDescription: string;
  /** Where stores run. */
  readonly target: Target;
  /** The OpenID Connect provider that people can sign in by; `undefined` when none is configured. */
  readonly singleSignOn: SingleSignOnConfig | undefined;
  /** File with the Job in whose pods operations run, made for a namespace; `undefined` runs them here, as processes. */
  readonly operationJob: { readonly template: string; readonly namespace: string } | undefined;
  /** `host:port` at which the ingress controller is reached from here; `undefined` where stores' own addresses lead to it. */
  readonly ingressAddress: string | undefined;
}

/** What is needed to sign somebody in. */
export type SignInConfig = Pick<Config, "databaseUrl" | "publicOrigin">;

/** The process cannot start; the message has one line for each variable that is missing or wrong. */
export class ConfigProblem extends Error {
  override readonly name = "ConfigProblem";
}

function parse<T>(wanted: z.ZodType<T>, environment: Environment): T {
  // A variable that is set to nothing counts as not set.
  const parsed = wanted.safeParse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== "")));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")} ${issue.message}.`);
  // Values are left out on purpose: one of them may be a password.
  throw new ConfigProblem(`The service cannot start, because its environment is not complete:\n${lines.join("\n")}`);
}

function signInOf(values: {
  DATABASE_URL: string;
  STOREFLEET_PORT: number;
  STOREFLEET_PUBLIC_ORIGIN?: string | undefined;
}): SignInConfig {
  return {
    databaseUrl: values.DATABASE_URL,
    publicOrigin: values.STOREFLEET_PUBLIC_ORIGIN ?? `http://localhost:${values.STOREFLEET_PORT}`,
  };
}

/** Throws a ConfigProblem that names every variable that is missing or wrong. */
export function readConfig(environment: Environment = process.env): Config {
  const values = parse(variables, environment);
  return {
    ...signInOf(values),
    role: values.STOREFLEET_ROLE,
    port: values.STOREFLEET_PORT,
    listen: values.STOREFLEET_LISTEN,
    trustedProxies: values.STOREFLEET_TRUSTED_PROXIES,
    web: values.STOREFLEET_WEB,
    concurrency: values.STOREFLEET_CONCURRENCY,
    leaseSeconds: values.STOREFLEET_LEASE_SECONDS,
    retentionDays: values.STOREFLEET_RETENTION_DAYS,
    logLevel: values.STOREFLEET_LOG_LEVEL,
    signOfLife: values.STOREFLEET_SIGN_OF_LIFE,
    faults: values.STOREFLEET_FAULTS,
    signingKey: signingKeyOf(values),
    sealingKeys: sealingKeysOf(values),
    traceEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    metricsToken: values.STOREFLEET_METRICS_TOKEN,
    storeProgram: values.STOREFLEET_STORE_PROGRAM,
    workFolders: values.STOREFLEET_WORK,
    pulumi: {
      root: values.STOREFLEET_PULUMI_ROOT,
      description: values.STOREFLEET_PULUMI_DESCRIPTION,
      version: values.STOREFLEET_PULUMI_VERSION,
      backendUrl: values.PULUMI_BACKEND_URL,
      secretsProvider: values.STOREFLEET_SECRETS_PROVIDER,
      inherited: inheritable(environment),
      environment: pulumiEnvironment(values),
    },
    cluster: {
      kubeconfig: values.KUBECONFIG,
      context: values.STOREFLEET_KUBE_CONTEXT,
      description: values.STOREFLEET_CLUSTER_DESCRIPTION,
    },
    databaseDescription: values.STOREFLEET_DATABASE_DESCRIPTION,
    target: values.STOREFLEET_TARGET,
    singleSignOn: singleSignOnOf(values),
    operationJob:
      values.STOREFLEET_OPERATION_JOB === undefined
        ? undefined
        : { template: values.STOREFLEET_OPERATION_JOB, namespace: values.STOREFLEET_NAMESPACE },
    ingressAddress: values.STOREFLEET_INGRESS_ADDRESS,
  };
}

/** The part of the configuration with which a sign-in link is made. Throws a ConfigProblem. */
export function readSignInConfig(environment: Environment = process.env): SignInConfig {
  return signInOf(parse(signInVariables, environment));
}

/** What the command `storefleet` goes by. */
export interface CliConfig {
  /** File that keeps the login. */
  readonly loginFile: string;
  readonly origin: string | undefined;
  readonly key: string | undefined;
}

/** The part of the environment that the command `storefleet` reads. */
export function readCliConfig(environment: Environment = process.env): CliConfig {
  const { STOREFLEET_URL, STOREFLEET_API_KEY, XDG_CONFIG_HOME } = environment;
  const folder = XDG_CONFIG_HOME || join(homedir(), ".config");
  return {
    loginFile: join(folder, "storefleet", "login.json"),
    origin: STOREFLEET_URL || undefined,
    key: STOREFLEET_API_KEY || undefined,
  };
}
