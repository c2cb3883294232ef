import type { Command } from "commander";
import { KEY_PREFIX, newKeySchema, SCOPES } from "../../contract/keys.ts";
import { type Session, sessionSchema } from "../../contract/platform.ts";
import { createClient } from "../client.ts";
import { forgetLogin, type Login, saveLogin } from "../login-file.ts";
import { withSession } from "../session.ts";
import { plain } from "../terminal.ts";
import { type CommandContext, type CommonOptions, clientOf, tell } from "./context.ts";

/** Where `npm start` serves. */
const LOCAL = "http://localhost:8090";

interface LoginOptions {
  readonly url: string;
  readonly org?: string;
  readonly days: string;
}

export function addLoginCommands(program: Command, context: CommandContext): void {
  program
    .command("login")
    .description("keep an API key: made with a one-time sign-in link, or read from standard input")
    .argument("[link]", "link that npm run sign-in prints; left out: a key is read from standard input")
    .option("--url <origin>", "where the service is, for a key", LOCAL)
    .option("--org <name>", "organization that the new key is for; default: the only one")
    .option("--days <number>", "for how long the new key works", "90")
    .action(async (link: string | undefined, options: LoginOptions) => {
      const login = link === undefined ? await loginByKey(context, options) : await loginByLink(context, link, options);
      const session = await createClient(login).get("/session", sessionSchema);
      await saveLogin(context.loginFile, login);
      context.terminal.err(`${described(session)} at ${login.origin}; the key is in ${context.loginFile}.\n`);
    });
  program
    .command("logout")
    .description("forget the key; revoke it with: storefleet keys revoke ID")
    .action(() => forgetLogin(context.loginFile));
  program
    .command("whoami")
    .description("say who is logged in, and where they belong")
    .option("--json", "as JSON")
    .action(async (options: CommonOptions) => {
      const session = await (await clientOf(context)).get("/session", sessionSchema);
      tell(context, options, session, () => `${described(session)}\n`);
    });
}

function described({ user, organizations }: Session): string {
  const places = organizations.map(({ name, role }) => `${role} of ${name}`).join(", ");
  return `${plain(user.name)}, ${places === "" ? "in no organization" : places}`;
}

/** Never from an argument: other people of the machine can read those. */
async function loginByKey({ terminal, key: given }: CommandContext, { url }: LoginOptions): Promise<Login> {
  const key = given ?? (await terminal.input());
  if (key.startsWith(KEY_PREFIX)) return { origin: new URL(url).origin, key };
  throw new Error("Give a sign-in link, or an API key (sfk_…) on standard input: storefleet login < FILE.");
}

/** Signs in, makes a key for this machine, and signs out again. */
async function loginByLink({ hostname }: CommandContext, link: string, options: LoginOptions): Promise<Login> {
  const name = `storefleet on ${hostname}`.slice(0, 60);
  const wanted = { name, scopes: [...SCOPES], days: Number(options.days), organization: options.org };
  return withSession(link, async ({ origin, client }) => {
    const { secret } = await client.post("/keys", newKeySchema, wanted);
    return { origin, key: secret };
  });
}
