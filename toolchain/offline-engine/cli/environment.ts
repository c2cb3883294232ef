import { arch, platform } from "node:os";
import { sorted } from "../json.ts";
import { VERSION } from "../version.ts";
import type { Arguments } from "./arguments.ts";
import type { Workspace } from "./workspace.ts";

/** What history keeps about how an update was started: which flags and variables, never their values. */
export function updateEnvironment(workspace: Workspace, given: Arguments): Record<string, string> {
  const flags = given.ordered.map(({ flag, value }) => [
    `pulumi.flag.${flag}`,
    value === "true" || value === "false" ? value : "set",
  ]);
  const variables = Object.keys(workspace.environment)
    .filter((name) => name.startsWith("PULUMI_"))
    .map((name) => {
      const value = workspace.environment[name];
      return [`pulumi.env.${name}`, value === "true" || value === "false" ? value : "set"];
    });
  return sorted({
    "exec.kind": given.value("exec-kind") ?? "cli",
    ...(given.value("exec-agent") === undefined ? {} : { "exec.agent": given.value("exec-agent") ?? "" }),
    "pulumi.arch": arch() === "x64" ? "amd64" : arch(),
    "pulumi.os": platform(),
    "pulumi.version": VERSION,
    "runtime.name": "nodejs",
    "runtime.version": process.version,
    "runtime.executable": process.execPath,
    "stack.environments": "[]",
    updatePlan: "false",
    ...Object.fromEntries(flags),
    ...Object.fromEntries(variables),
  });
}
