import { spawn } from "node:child_process";
import type { Command } from "commander";
import { type ProgressEvent, progressEventListSchema } from "../../contract/operation.ts";
import { acceptedSchema, credentialsAnswerSchema, storeListSchema, storeSchema } from "../../contract/store.ts";
import type { Client } from "../client.ts";
import { follow } from "../follow.ts";
import { allOf } from "../pages.ts";
import { plain, table } from "../terminal.ts";
import { writeExport } from "../write-export.ts";
import { type CommandContext, type CommonOptions, clientOf, tell } from "./context.ts";

interface WaitOptions extends CommonOptions {
  readonly wait?: true;
}

interface ListOptions extends CommonOptions {
  readonly org?: string;
  readonly status?: string;
  readonly search?: string;
}

interface CreateOptions extends WaitOptions {
  readonly org?: string;
  readonly engine: string;
  readonly engineVersion?: string;
  readonly plan?: string;
  readonly displayName?: string;
  readonly currency?: string;
  readonly country?: string;
  readonly domain?: string;
  readonly cluster?: string;
  readonly adminEmail?: string;
  readonly sampleData: boolean;
}

export function addStoreCommands(program: Command, context: CommandContext): void {
  const stores = program.command("stores").description("list, create, rotate, delete and look at stores");
  addReading(stores, context);
  addChanging(stores, context);
}

function addReading(stores: Command, context: CommandContext): void {
  stores
    .command("list")
    .description("list stores")
    .option("--org <name>", "only those of an organization")
    .option("--status <statuses>", "only those in these statuses, separated by commas")
    .option("--search <text>", "only those with this in their name")
    .option("--json", "as JSON")
    .action(async ({ org, status, search, ...options }: ListOptions) => {
      const query = { organization: org, status, search, sort: "name" };
      const items = await allOf(await clientOf(context), "/stores", storeListSchema, query);
      tell(context, options, items, () =>
        table(
          ["NAME", "STATUS", "ENGINE", "PLAN", "CLUSTER", "URL"],
          items.map((store) => [store.name, store.status, store.engine, store.plan, store.cluster, store.url ?? "–"]),
        ),
      );
    });
  stores
    .command("get <name>")
    .description("everything about a store")
    .option("--json", "as JSON")
    .action(async (name: string, options: CommonOptions) => {
      const store = await (await clientOf(context)).get(pathOf(name), storeSchema);
      const { status, engine, spec, cluster, url, adminUrl, reason = store.clusterAway, createdAt } = store;
      const rows = { name, status, engine, plan: spec.plan, cluster, url, admin: adminUrl, reason, created: createdAt };
      const known = Object.entries(rows).filter((row): row is [string, string] => row[1] !== undefined);
      tell(context, options, store, () => known.map(([key, value]) => `${key.padEnd(8)} ${plain(value)}\n`).join(""));
    });
  stores
    .command("events <name>")
    .description("what has happened in the newest operation of a store")
    .option("--json", "as JSON")
    .action(async (name: string, options: CommonOptions) => {
      const client = await clientOf(context);
      const { operation } = await client.get(pathOf(name), storeSchema);
      const items = await allEvents(client, operation.id);
      tell(context, options, items, () => items.map(({ at, text }) => `${at} ${plain(text)}\n`).join(""));
    });
  stores
    .command("credentials <name>")
    .description("show a store's credentials; that is written down")
    .option("--json", "as JSON")
    .action(async (name: string, options: CommonOptions) => {
      const found = await (await clientOf(context)).get(`${pathOf(name)}/credentials`, credentialsAnswerSchema);
      const { adminUrl = "–", adminUser, adminPassword, keys } = found;
      const rows = Object.entries({ url: adminUrl, user: adminUser, password: adminPassword, ...keys });
      tell(context, options, found, () => rows.map(([key, value]) => `${key.padEnd(16)} ${value}\n`).join(""));
    });
  stores
    .command("export <name>")
    .description("write a store into a folder that runs without Storefleet; that is written down")
    .option("--to <folder>", "a new or empty folder; default: one named like the store")
    .action(async (name: string, { to = name }: { to?: string }) => {
      const archive = await (await clientOf(context)).download(`${pathOf(name)}/export`);
      const files = await writeExport(archive, to);
      context.terminal.out(`${files} files in ${to}; its README.md says how to go on.\n`);
    });
  stores
    .command("open <name>")
    .description("open a store in the browser")
    .option("--admin", "its admin panel instead")
    .action(async (name: string, { admin }: { admin?: true }) => {
      const store = await (await clientOf(context)).get(pathOf(name), storeSchema);
      const url = admin ? store.adminUrl : store.url;
      if (url === undefined) throw new Error(`The store is ${store.status}; it has no address yet.`);
      context.terminal.out(`${url}\n`);
      openInBrowser(url);
    });
}

function addChanging(stores: Command, context: CommandContext): void {
  stores
    .command("create <name>")
    .description("create a store")
    .option("--org <name>", "organization it is for; default: the only one")
    .option("--engine <engine>", "shop software", "medusa")
    .option("--engine-version <version>", "version of it to insist on; default: the newest there is")
    .option("--plan <plan>", "size of the store")
    .option("--display-name <text>", "what customers read")
    .option("--currency <code>", "such as eur")
    .option("--country <code>", "such as de")
    .option("--domain <host>", "a host name of its own")
    .option("--cluster <name>", "the cluster it is to run in; default: home")
    .option("--admin-email <address>", "with what its first admin signs in")
    .option("--no-sample-data", "begin empty")
    .option("--wait", "until it sells")
    .option("--json", "as JSON")
    .action(async (name: string, { org, wait, json, ...spec }: CreateOptions) => {
      const client = await clientOf(context);
      const accepted = await client.post("/stores", acceptedSchema, { name, ...spec }, { organization: org });
      await toldOrAwaited(
        context,
        client,
        { ...(wait && { wait }), ...(json && { json }) },
        accepted.operation.id,
        name,
      );
    });
  stores
    .command("rotate <name>")
    .description("make a store's passwords, keys and salts anew; it sells meanwhile")
    .option("--wait", "until the ones before are refused")
    .option("--json", "as JSON")
    .action(async (name: string, options: WaitOptions) => {
      const client = await clientOf(context);
      const accepted = await client.post(`${pathOf(name)}/rotate`, acceptedSchema);
      await toldOrAwaited(context, client, options, accepted.operation.id, name);
    });
  stores
    .command("delete <name>")
    .description("delete a store and everything in it, for good")
    .requiredOption("--yes", "without which nothing happens")
    .option("--wait", "until it is gone")
    .option("--json", "as JSON")
    .action(async (name: string, options: WaitOptions) => {
      const client = await clientOf(context);
      const accepted = acceptedSchema.parse(await client.delete(pathOf(name)));
      await toldOrAwaited(context, client, options, accepted.operation.id);
    });
}

/** The operation's id at once, or its end when that is waited for; then the store, if there is one. */
async function toldOrAwaited(
  context: CommandContext,
  client: Client,
  options: WaitOptions,
  id: string,
  store?: string,
): Promise<void> {
  if (!options.wait) return tell(context, options, { operation: id }, () => `${id}\n`);
  const operation = await follow(client, context.terminal, id);
  if (store === undefined) return tell(context, options, operation, () => "");
  const made = await client.get(pathOf(store), storeSchema);
  tell(context, options, made, () => `${made.url ?? made.status}\n`);
}

/** Events are numbered from 1 without gaps; one answer holds so many at most. */
async function allEvents(client: Client, operation: string): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = [];
  for (;;) {
    const query = { after: String(events.length) };
    const { items } = await client.get(`/operations/${operation}/events`, progressEventListSchema, query);
    if (items.length === 0) return events;
    events.push(...items);
  }
}

function pathOf(name: string): string {
  return `/stores/${encodeURIComponent(name)}`;
}

/** Whoever has no browser has been told the address. */
function openInBrowser(url: string): void {
  const command = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(command, [url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
