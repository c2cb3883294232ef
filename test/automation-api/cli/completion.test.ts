import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createProgram } from "../../../automation-api/cli/program.ts";
import { runStorefleet } from "./run-storefleet.ts";

const nowhere = "/nowhere/login.json";

describe("completion", () => {
  it("completes commands and their options in bash", async () => {
    const { out } = await runStorefleet(nowhere, "completion bash");
    const complete = (...words: string[]) =>
      execFileSync(
        "bash",
        [
          "-c",
          `${out}\nCOMP_WORDS=(storefleet "$@"); COMP_CWORD=$#; _storefleet; echo "\${COMPREPLY[@]}"`,
          "-",
          ...words,
        ],
        { encoding: "utf8" },
      ).trim();

    expect(complete("sto")).toBe("stores");
    expect(complete("stores", "cre").split(" ").sort()).toEqual(["create", "credentials"]);
    expect(complete("stores", "create", "--pl")).toBe("--plan");
    expect((await runStorefleet(nowhere, "completion fish")).code).toBe(1);
  });

  it("knows every command", () => {
    const terminal = { out: () => {}, err: () => {}, isWatched: false, input: async () => "" };
    const program = createProgram({ terminal, loginFile: "", hostname: "", origin: undefined, key: undefined }, "1");

    expect(program.commands.map((command) => command.name())).toEqual([
      "login",
      "logout",
      "whoami",
      "stores",
      "operations",
      "orgs",
      "keys",
      "webhooks",
      "clusters",
      "completion",
    ]);
  });
});
