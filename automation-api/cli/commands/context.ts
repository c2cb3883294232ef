import { type Client, createClient, NotLoggedIn } from "../client.ts";
import { readLogin } from "../login-file.ts";
import type { Terminal } from "../terminal.ts";

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** File that keeps the login. */
  readonly loginFile: string;
  /** From the environment: used instead of the file when both are there. */
  readonly origin: string | undefined;
  readonly key: string | undefined;
  /** Of this machine; keys are named for it. */
  readonly hostname: string;
}

/** Options that every command knows. */
export interface CommonOptions {
  readonly json?: true;
}

/** Throws NotLoggedIn. */
export async function clientOf(context: CommandContext): Promise<Client> {
  const login = await readLogin(context.loginFile);
  const origin = context.origin ?? login?.origin;
  const key = context.key ?? login?.key;
  if (origin === undefined || key === undefined) throw new NotLoggedIn();
  return createClient({ origin, key });
}

/** As JSON for scripts, or else as `text` says it for people. */
export function tell(context: CommandContext, { json }: CommonOptions, value: unknown, text: () => string): void {
  context.terminal.out(json ? `${JSON.stringify(value, undefined, 2)}\n` : text());
}

/** What `--limit` says. Throws when it is no number of items. */
export function countOf(limit: string): number {
  if (/^[1-9]\d{0,5}$/.test(limit)) return Number(limit);
  throw new Error(`--limit is a whole number from 1 to 999999, not "${limit}".`);
}
