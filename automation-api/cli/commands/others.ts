import type { Command } from "commander";
import { keyListSchema, newKeySchema } from "../../contract/keys.ts";
import { operationListSchema, operationSchema } from "../../contract/operation.ts";
import { organizationListSchema } from "../../contract/people.ts";
import { follow } from "../follow.ts";
import { allOf } from "../pages.ts";
import { plain, table } from "../terminal.ts";
import { type CommandContext, type CommonOptions, clientOf, countOf, tell } from "./context.ts";

interface ListOperationsOptions extends CommonOptions {
  readonly status?: string;
  readonly limit: string;
}

export function addOperationCommands(program: Command, context: CommandContext): void {
  const operations = program.command("operations").description("list, watch and cancel operations");
  operations
    .command("list [store]")
    .description("the newest operations, of one store or of all")
    .option("--status <statuses>", "only those in these statuses, separated by commas")
    .option("--limit <number>", "how many, at most", "20")
    .option("--json", "as JSON")
    .action(async (store: string | undefined, { status, limit, ...options }: ListOperationsOptions) => {
      const path = store === undefined ? "/operations" : `/stores/${encodeURIComponent(store)}/operations`;
      const items = await allOf(await clientOf(context), path, operationListSchema, { status }, countOf(limit));
      tell(context, options, items, () =>
        table(
          ["ID", "STORE", "KIND", "STATUS", "ASKED BY"],
          items.map(({ id, store, kind, status, askedBy }) => [id, store, kind, status, askedBy]),
        ),
      );
    });
  operations
    .command("get <id>")
    .description("how far an operation is")
    .option("--json", "as JSON")
    .action(async (id: string, options: CommonOptions) => {
      const found = await (await clientOf(context)).get(`/operations/${encodeURIComponent(id)}`, operationSchema);
      const { kind, store, status, progress, reason } = found;
      const percent = Math.round(progress.fraction * 100);
      tell(context, options, found, () =>
        plain(`${kind} ${store}: ${status}, ${percent}% ${reason ?? ""}`)
          .trim()
          .concat("\n"),
      );
    });
  operations
    .command("cancel <id>")
    .description("cancel an operation")
    .option("--json", "as JSON")
    .action(async (id: string, options: CommonOptions) => {
      const path = `/operations/${encodeURIComponent(id)}/cancel`;
      const found = await (await clientOf(context)).post(path, operationSchema);
      tell(context, options, found, () => `${found.status}\n`);
    });
  operations
    .command("watch <id>")
    .description("show how an operation goes until it is over")
    .option("--json", "as JSON, at its end")
    .action(async (id: string, options: CommonOptions) => {
      const found = await follow(await clientOf(context), context.terminal, encodeURIComponent(id));
      tell(context, options, found, () => `${found.status}\n`);
    });
}

export function addOrganizationCommands(program: Command, context: CommandContext): void {
  program
    .command("orgs")
    .description("list the organizations the key is for")
    .option("--json", "as JSON")
    .action(async (options: CommonOptions) => {
      const items = await allOf(await clientOf(context), "/organizations", organizationListSchema);
      tell(context, options, items, () =>
        table(
          ["NAME", "ROLE", "STORES", "MEMBERS"],
          items.map(({ name, role, stores, members }) => [name, role ?? "–", String(stores), String(members)]),
        ),
      );
    });
}

interface CreateKeyOptions extends CommonOptions {
  readonly scopes: string;
  readonly days: string;
}

export function addKeyCommands(program: Command, context: CommandContext): void {
  const keys = program.command("keys").description("list, make and revoke API keys");
  keys
    .command("list")
    .description("list your keys")
    .option("--json", "as JSON")
    .action(async (options: CommonOptions) => {
      const items = await allOf(await clientOf(context), "/keys", keyListSchema);
      tell(context, options, items, () =>
        table(
          ["ID", "KEY", "SCOPES", "EXPIRES", "NAME"],
          items.map(({ id, hint, scopes, expiresAt, name }) => [id, `${hint}…`, scopes.join(","), expiresAt, name]),
        ),
      );
    });
  keys
    .command("create <name>")
    .description("make a key; it is shown once")
    .option("--scopes <scopes>", "read, write, credentials, manage; separated by commas", "read")
    .option("--days <number>", "for how long it works", "90")
    .option("--json", "as JSON")
    .action(async (name: string, { scopes, days, ...options }: CreateKeyOptions) => {
      const wanted = { name, scopes: scopes.split(","), days: Number(days) };
      const made = await (await clientOf(context)).post("/keys", newKeySchema, wanted);
      tell(context, options, made, () => `${made.secret}\n`);
    });
  keys
    .command("revoke <id>")
    .description("revoke a key")
    .action(async (id: string) => {
      await (await clientOf(context)).delete(`/keys/${encodeURIComponent(id)}`);
    });
}
