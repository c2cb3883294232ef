import { currentUser } from "../backend/backend.ts";
import { BANNER, VERSION } from "../version.ts";
import type { Command } from "./command.ts";
import { print, printJson } from "./output.ts";

const nothing: Command = {
  summary: "Does nothing: the providers are built in",
  flags: {
    server: "value",
    exact: "switch",
    file: "value",
    reinstall: "switch",
    checksum: "value",
    force: "switch",
    "no-dependencies": "switch",
    "no-plugins": "switch",
    "use-language-version-tools": "switch",
  },
  run: () => {},
};

export const commands: Readonly<Record<string, Command>> = {
  whoami: {
    summary: "Show who is logged in and where state is kept",
    flags: { json: "switch", verbose: "switch" },
    run: (workspace, given) => {
      const { url } = workspace.backend;
      if (given.has("json")) printJson({ user: currentUser(), url });
      else if (given.has("verbose")) print(`User: ${currentUser()}\nBackend URL: ${url}`);
      else print(currentUser());
    },
  },
  about: {
    summary: "Say what this is",
    flags: { json: "switch" },
    run: (_workspace, given) => {
      const about = { cliAbout: { version: VERSION, offlineEngine: true, nodeVersion: process.version } };
      if (given.has("json")) printJson(about);
      else print(`${BANNER}\nNode.js ${process.version}`);
    },
  },
  cancel: {
    summary: "Remove the lock a killed update left",
    flags: {},
    run: (workspace, given) => {
      const text = given.words[0] ?? given.value("stack") ?? workspace.selected();
      const name = workspace.stackName(text);
      workspace.backend.breakLocks(name);
      print(`The currently running update for '${name.stack}' has been canceled!`);
    },
  },
  "plugin ls": {
    summary: "List installed plugins: none, the providers are built in",
    flags: { json: "switch", project: "switch" },
    run: (_workspace, given) => {
      if (given.has("json")) printJson([]);
      else print("The providers kubernetes and random are built in; there are no plugins.");
    },
  },
  "plugin install": nothing,
  "plugin rm": nothing,
  install: nothing,
  login: {
    summary: "Only says where state is kept",
    flags: { local: "switch" },
    run: (workspace) =>
      print(`Logged in to ${workspace.backend.url} as ${currentUser()}; choose another with PULUMI_BACKEND_URL`),
  },
};
