// The command `storefleet`.
import { hostname } from "node:os";
import manifest from "../../package.json" with { type: "json" };
import { readCliConfig } from "../config.ts";
import { runCli } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const context = { ...readCliConfig(), hostname: hostname(), terminal: processTerminal() };
process.exitCode = await runCli(process.argv.slice(2), context, manifest.version);
