import { type DestinationStream, type Logger, pino } from "pino";

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whatever ends up in an object that is logged, these fields of it are not written. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  '["set-cookie"]',
  "password",
  "adminPassword",
  "passphrase",
  "token",
  "secret",
  "clientSecret",
  "signingKey",
  "sealingKeys",
  "metricsToken",
  "keys",
  "credentials",
  "databaseUrl",
  "DATABASE_URL",
  "PULUMI_CONFIG_PASSPHRASE",
  '["webhook-signature"]',
];

export interface LoggerOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Which process writes: `api` or `worker`. */
  readonly name: string;
}

/** Lines of JSON on standard output, or on `destination` in tests. Secrets are replaced, wherever they are nested. */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const settings = {
    level: options.level ?? "info",
    name: options.name,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ["", "*", "*.*", "*.*.*"].flatMap((depth) =>
        SECRET_FIELDS.map((field) =>
          [depth, field]
            .filter((part) => part !== "")
            .join(".")
            .replace(".[", "["),
        ),
      ),
      censor: "[hidden]",
    },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}
