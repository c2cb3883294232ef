import type { Command } from "commander";
import { organizationListSchema } from "../../contract/people.ts";
import { deliveryListSchema, deliverySchema, newWebhookSchema, webhookListSchema } from "../../contract/webhook.ts";
import type { Client } from "../client.ts";
import { allOf } from "../pages.ts";
import { plain, table } from "../terminal.ts";
import { type CommandContext, type CommonOptions, clientOf, countOf, tell } from "./context.ts";

interface WebhookOptions extends CommonOptions {
  readonly org?: string;
}

interface CreateOptions extends WebhookOptions {
  readonly events?: string;
  readonly description?: string;
}

/** Path of the webhooks of the organization that is named, or of the only one that the key is for. */
async function pathOf(client: Client, org: string | undefined): Promise<string> {
  const name = org ?? (await client.get("/organizations", organizationListSchema)).items[0]?.name ?? "";
  return `/organizations/${encodeURIComponent(name)}/webhooks`;
}

export function addWebhookCommands(program: Command, context: CommandContext): void {
  const webhooks = program.command("webhooks").description("list, make, test and delete webhooks");
  addListing(webhooks, context);
  addMaking(webhooks, context);
  addSending(webhooks, context);
}

function addListing(webhooks: Command, context: CommandContext): void {
  webhooks
    .command("list")
    .description("list the webhooks of an organization")
    .option("--org <name>", "organization they are of; default: the only one")
    .option("--json", "as JSON")
    .action(async (options: WebhookOptions) => {
      const client = await clientOf(context);
      const items = await allOf(client, await pathOf(client, options.org), webhookListSchema);
      tell(context, options, items, () =>
        table(
          ["ID", "ON", "LAST", "EVENTS", "URL"],
          items.map(({ id, enabled, lastDelivery, events, url }) => [
            id,
            enabled ? "yes" : "no",
            lastDelivery?.status ?? "–",
            events.join(","),
            url,
          ]),
        ),
      );
    });
  webhooks
    .command("deliveries <id>")
    .description("what was sent to a webhook, newest first")
    .option("--org <name>", "organization it is of; default: the only one")
    .option("--limit <number>", "how many, at most", "100")
    .option("--json", "as JSON")
    .action(async (id: string, options: WebhookOptions & { limit: string }) => {
      const client = await clientOf(context);
      const path = `${await pathOf(client, options.org)}/${encodeURIComponent(id)}/deliveries`;
      const items = await allOf(client, path, deliveryListSchema, {}, countOf(options.limit));
      tell(context, options, items, () =>
        table(
          ["ID", "AT", "EVENT", "STATUS", "ATTEMPTS", "REASON"],
          items.map(({ id, createdAt, event, status, attempts, reason }) => [
            id,
            createdAt,
            event,
            status,
            String(attempts),
            reason ?? "–",
          ]),
        ),
      );
    });
}

function addMaking(webhooks: Command, context: CommandContext): void {
  webhooks
    .command("create <url>")
    .description("let an address be told what happens; the secret is shown once")
    .option("--org <name>", "organization it is of; default: the only one")
    .option("--events <events>", "what it is told, separated by commas; default: everything")
    .option("--description <text>", "what it is for")
    .option("--json", "as JSON")
    .action(async (url: string, { org, events, description, ...options }: CreateOptions) => {
      const client = await clientOf(context);
      const wanted = { url, description, ...(events !== undefined && { events: events.split(",") }) };
      const made = await client.post(await pathOf(client, org), newWebhookSchema, wanted);
      tell(context, options, made, () => plain(`${made.webhook.id} ${made.secret}`).concat("\n"));
    });
  webhooks
    .command("delete <id>")
    .description("delete a webhook and its deliveries")
    .option("--org <name>", "organization it is of; default: the only one")
    .action(async (id: string, { org }: WebhookOptions) => {
      const client = await clientOf(context);
      await client.delete(`${await pathOf(client, org)}/${encodeURIComponent(id)}`);
    });
}

function addSending(webhooks: Command, context: CommandContext): void {
  const send = async (options: WebhookOptions, rest: string) => {
    const client = await clientOf(context);
    const delivery = await client.post(`${await pathOf(client, options.org)}/${rest}`, deliverySchema);
    tell(context, options, delivery, () => `${delivery.id}\n`);
  };
  webhooks
    .command("test <id>")
    .description("send a test to a webhook")
    .option("--org <name>", "organization it is of; default: the only one")
    .option("--json", "as JSON")
    .action((id: string, options: WebhookOptions) => send(options, `${encodeURIComponent(id)}/test`));
  webhooks
    .command("replay <id> <delivery>")
    .description("send the same once more")
    .option("--org <name>", "organization it is of; default: the only one")
    .option("--json", "as JSON")
    .action((id: string, delivery: string, options: WebhookOptions) =>
      send(options, `${encodeURIComponent(id)}/deliveries/${encodeURIComponent(delivery)}/replay`),
    );
}
