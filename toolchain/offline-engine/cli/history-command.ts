import { sealOf } from "../backend/checkpoint.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type Crypter, openSecrets } from "../secrets.ts";
import { isSecure, plainValue } from "../stack-config.ts";
import type { Command } from "./command.ts";
import { ago, print, printJson } from "./output.ts";

export const historyCommand: Command = {
  summary: "Show past updates of a stack",
  flags: { json: "switch", "show-secrets": "switch", "page-size": "value", page: "value", "full-dates": "switch" },
  run: async (workspace, given) => {
    const name = workspace.stack(given);
    const { backend } = workspace;
    const size = Number(given.value("page-size") ?? 10);
    const page = Math.max(1, Number(given.value("page") ?? 1));
    const all = backend.history(name);
    const updates = size < 1 ? all : all.slice((page - 1) * size, page * size);
    const seal = given.has("show-secrets") ? sealOf(backend.read(name)) : undefined;
    const crypter = seal === undefined ? undefined : await openSecrets(seal, workspace.environment);
    if (given.has("json")) printJson(updates.map((update) => shown(update, crypter)));
    else for (const update of updates) printUpdate(update);
  },
};

function shown(update: JsonObject, crypter: Crypter | undefined): JsonObject {
  const config = isJsonObject(update.config) ? update.config : {};
  return {
    version: update.version ?? 0,
    kind: update.kind,
    startTime: isoSeconds(update.startTime),
    message: update.message ?? "",
    environment: update.environment,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => {
        const plain = plainValue(value ?? null, crypter);
        const closed = plain.secret && crypter === undefined;
        const entry = {
          ...(closed ? {} : { value: plain.value }),
          ...(closed || plain.object === undefined || isSecure(value ?? null) ? {} : { objectValue: plain.object }),
          secret: plain.secret,
        };
        return [key, entry];
      }),
    ),
    result: update.result,
    endTime: isoSeconds(update.endTime),
    ...(isJsonObject(update.resourceChanges) ? { resourceChanges: update.resourceChanges } : { resourceChanges: {} }),
  };
}

function isoSeconds(seconds: JsonObject[string]): string {
  return new Date(Number(seconds ?? 0) * 1000).toISOString();
}

function printUpdate(update: JsonObject): void {
  const began = Number(update.startTime ?? 0) * 1000;
  const took = Number(update.endTime ?? 0) * 1000 - began;
  print(`UpdateKind: ${String(update.kind)}`);
  print(`Status: ${String(update.result)} ${String(update.message ?? "")}`.trimEnd());
  print(`Updated ${ago(new Date(began))} took ${Math.round(took / 1000)}s`);
  print("");
}
