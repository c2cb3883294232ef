import { Command, CommanderError } from "commander";
import { addClusterCommands } from "./commands/clusters.ts";
import type { CommandContext } from "./commands/context.ts";
import { addLoginCommands } from "./commands/login.ts";
import { addKeyCommands, addOperationCommands, addOrganizationCommands } from "./commands/others.ts";
import { addStoreCommands } from "./commands/stores.ts";
import { addWebhookCommands } from "./commands/webhooks.ts";
import { completionScript, SHELLS, type Shell } from "./completion.ts";
import { EXIT, exitCodeOf, sentencesOf } from "./exit-codes.ts";

const EPILOGUE = `
Exit codes: 0 done, 1 failed, 2 wrong input, 3 not logged in, 4 not found, 5 not allowed, 6 refused as things are,
7 no answer. STOREFLEET_URL and STOREFLEET_API_KEY stand in for a login.`;

/** Every command of `storefleet`. */
export function createProgram(context: CommandContext, version: string): Command {
  const { terminal } = context;
  const program = new Command("storefleet")
    .description("Run a fleet of online stores from the command line.")
    .version(version)
    .addHelpText("after", EPILOGUE)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  addLoginCommands(program, context);
  addStoreCommands(program, context);
  addOperationCommands(program, context);
  addOrganizationCommands(program, context);
  addKeyCommands(program, context);
  addWebhookCommands(program, context);
  addClusterCommands(program, context);
  program
    .command("completion")
    .description("print a script that completes commands in a shell")
    .argument("<shell>", SHELLS.join(" or "), (shell) => shell)
    .action((shell: string) => terminal.out(completionScript(program, requireShell(shell))));
  return program;
}

function requireShell(shell: string): Shell {
  const found = SHELLS.find((each) => each === shell);
  if (found === undefined) throw new Error(`Completion is there for ${SHELLS.join(" and ")}, not for ${shell}.`);
  return found;
}

/** Carries one command out and gives the exit code. `args` are what stands behind `storefleet`. */
export async function runCli(args: readonly string[], context: CommandContext, version: string): Promise<number> {
  try {
    await createProgram(context, version).parseAsync([...args], { from: "user" });
    return EXIT.done;
  } catch (error) {
    // Commander has written its own sentence already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    context.terminal.err(`${sentencesOf(error)}\n`);
    return exitCodeOf(error);
  }
}
