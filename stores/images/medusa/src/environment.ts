/** What a store is told from outside. The only file that knows the names of environment variables. */
export interface Environment {
  /** What this process is here for; `setup` ends by itself, the others run until SIGTERM. */
  readonly role: Role;
  /** `postgres://user:password@host:port/database`, without TLS: the database is in the store's own namespace. */
  readonly databaseUrl: string;
  /** `redis://:password@host:port`. `setup` does not use it. */
  readonly redisUrl: string;
  readonly jwtSecret: string;
  readonly cookieSecret: string;
  /** `pk_` and 64 hexadecimal digits: what the storefront shows to the store API. Not a secret. */
  readonly publishableKey: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Public origin of the store without a slash at its end, such as `http://demo.localhost:8080`. */
  readonly storeUrl: string;
  /** Name people see. */
  readonly storeName: string;
  /** ISO 4217 in lower case, as Medusa keeps it. Default `eur`. */
  readonly currency: string;
  /** ISO 3166-1 alpha-2 in lower case, as Medusa keeps it. Default `de`. */
  readonly country: string;
  /** Whether `setup` fills the catalogue with eight products. Default true. */
  readonly sampleData: boolean;
  /** Whether `server` does background work too. Set to false where a `worker` runs beside it. Default true. */
  readonly backgroundWork: boolean;
  /** Default 9000. */
  readonly port: number;
  /** Address to listen on. Default `0.0.0.0`, as a container must; use `127.0.0.1` outside of one. */
  readonly host: string;
}

export const roles = ["setup", "server", "worker"] as const;
export type Role = (typeof roles)[number];

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads and checks everything at once, so that one failed start names every mistake. */
export function parseEnvironment(role: string | undefined, variables: Variables): Environment {
  const mistakes: string[] = [];
  const text = (name: string, fallback?: string, shape?: RegExp, meaning?: string): string => {
    const value = variables[name]?.trim() || fallback;
    if (value === undefined) {
      mistakes.push(`${name} is not set${meaning ? `; it must be ${meaning}` : ""}.`);
      return "";
    }
    if (shape && !shape.test(value)) mistakes.push(`${name} is not ${meaning ?? "well formed"}.`);
    return value;
  };
  const flag = (name: string, fallback: boolean): boolean =>
    text(name, String(fallback), /^(true|false)$/, "true or false") === "true";

  const known = roles.find((candidate) => candidate === role);
  if (!known) mistakes.push(`The command "${role ?? ""}" is not known; use one of ${roles.join(", ")}.`);

  const environment: Environment = {
    role: known ?? "server",
    databaseUrl: text("DATABASE_URL", undefined, /^postgres(ql)?:\/\/./, "a postgres:// address"),
    // Only the running server needs Redis; `setup` must be able to run while it is still starting.
    redisUrl: text(
      "REDIS_URL",
      role === "setup" ? "redis://unused" : undefined,
      /^rediss?:\/\/./,
      "a redis:// address",
    ),
    jwtSecret: text("JWT_SECRET"),
    cookieSecret: text("COOKIE_SECRET"),
    publishableKey: text("PUBLISHABLE_KEY", undefined, /^pk_[0-9a-f]{64}$/, "pk_ and 64 hexadecimal digits"),
    adminEmail: text("ADMIN_EMAIL", undefined, /^[^\s@]+@[^\s@]+$/, "an e-mail address").toLowerCase(),
    adminPassword: text("ADMIN_PASSWORD"),
    storeUrl: text(
      "STORE_URL",
      undefined,
      /^https?:\/\/[^/?#\s]+\/?$/,
      "an origin such as https://shop.example",
    ).replace(/\/$/, ""),
    storeName: text("STORE_NAME", "Store"),
    currency: text("STORE_CURRENCY", "eur", /^[a-z]{3}$/i, "a currency of three letters").toLowerCase(),
    country: text("STORE_COUNTRY", "de", /^[a-z]{2}$/i, "a country of two letters").toLowerCase(),
    sampleData: flag("SAMPLE_DATA", true),
    backgroundWork: flag("BACKGROUND_WORK", true),
    port: Number(text("PORT", "9000", /^\d{1,5}$/, "a port number")),
    host: text("HOST", "0.0.0.0"),
  };
  if (mistakes.length > 0) throw new EnvironmentProblem(mistakes);
  return environment;
}

/** The environment cannot be used; the message lists every mistake, never a value. */
export class EnvironmentProblem extends Error {
  override readonly name = "EnvironmentProblem";
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The store cannot start: ${mistakes.join(" ")} Set the variables named here and start again.`);
    this.mistakes = mistakes;
  }
}
