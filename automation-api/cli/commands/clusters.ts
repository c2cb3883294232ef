import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { clusterSchema, clusterTestSchema } from "../../contract/cluster.ts";
import { platformSchema } from "../../contract/platform.ts";
import { withSession } from "../session.ts";
import { plain, table } from "../terminal.ts";
import { type CommandContext, type CommonOptions, clientOf, tell } from "./context.ts";

interface LinkOptions extends CommonOptions {
  readonly link: string;
}

interface AddOptions extends LinkOptions {
  readonly kubeconfig: string;
  readonly context?: string;
  readonly description?: string;
  readonly baseDomain?: string;
  readonly ingressClass?: string;
  readonly storageClass?: string;
}

const PATH = "/platform/clusters";
const pathOf = (name: string) => `${PATH}/${encodeURIComponent(name)}`;

/** No key is enough for what changes where stores can run. */
const withLink = (command: Command) =>
  command.requiredOption("--link <link>", "one-time sign-in link of an administrator; npm run sign-in prints one");

export function addClusterCommands(program: Command, context: CommandContext): void {
  const clusters = program.command("clusters").description("list, add, test and remove clusters in which stores run");
  clusters
    .command("list")
    .description("list the clusters in which stores can run")
    .option("--json", "as JSON")
    .action(async (options: CommonOptions) => {
      const { clusters: items } = await (await clientOf(context)).get("/platform", platformSchema);
      tell(context, options, items, () =>
        table(
          ["NAME", "NEW STORES", "ADDRESSES", "DESCRIPTION"],
          items.map(({ name, takes, addressTemplate, description }) => [
            name,
            takes ? "yes" : "no",
            addressTemplate,
            description,
          ]),
        ),
      );
    });
  addAdding(clusters, context);
  addTesting(clusters, context);
  addRemoving(clusters, context);
}

function addAdding(clusters: Command, context: CommandContext): void {
  withLink(clusters.command("add <name>"))
    .description("register a cluster; its kubeconfig is kept encrypted")
    .requiredOption("--kubeconfig <file>", "with certificates and tokens in it; - reads standard input")
    .option("--context <name>", "context of it; default: its current one")
    .option("--description <text>", "what people read who choose it")
    .option("--base-domain <domain>", "stores get NAME.DOMAIN there; default: as at home")
    .option("--ingress-class <class>", 'class of its ingress controller, "" for none; default: as at home')
    .option("--storage-class <class>", "class of stores' volumes there; default: as at home")
    .option("--json", "as JSON")
    .action(async (name: string, options: AddOptions) => {
      const { kubeconfig: file, context: chosen, description } = options;
      const { baseDomain, ingressClass, storageClass } = options;
      const kubeconfig = file === "-" ? await context.terminal.input() : await readFile(file, "utf8");
      const body = {
        name,
        kubeconfig,
        context: chosen,
        description,
        target: { baseDomain, ingressClass, storageClass },
      };
      const added = await withSession(options.link, ({ client }) => client.post(PATH, clusterSchema, body));
      tell(context, options, added, () => `${added.name} at ${plain(added.server)} is registered.\n`);
    });
}

function addTesting(clusters: Command, context: CommandContext): void {
  withLink(clusters.command("test <name>"))
    .description("look whether a cluster answers and has what stores need; fails when it does not")
    .option("--json", "as JSON")
    .action(async (name: string, options: LinkOptions) => {
      const found = await withSession(options.link, ({ client }) =>
        client.post(`${pathOf(name)}/test`, clusterTestSchema),
      );
      const { reachable, serverVersion = "", trouble, missing } = found;
      tell(context, options, found, () =>
        reachable ? `${name} answers as Kubernetes ${plain(serverVersion)}.\n` : "",
      );
      const wrong = [...(trouble === undefined ? [] : [trouble]), ...missing];
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    });
}

function addRemoving(clusters: Command, context: CommandContext): void {
  withLink(clusters.command("remove <name>"))
    .description("forget a cluster in which no store runs, and how it is reached")
    .action(async (name: string, { link }: LinkOptions) => {
      await withSession(link, ({ client }) => client.delete(pathOf(name)));
      context.terminal.err(`${name} is forgotten.\n`);
    });
}
