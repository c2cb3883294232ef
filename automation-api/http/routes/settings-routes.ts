import { changeSettingsSchema, settingsSchema } from "../../contract/settings.ts";
import { readSettings, type VersionedSettings } from "../../database/settings-repository.ts";
import { changeSettings } from "../../use-cases/settings.ts";
import { reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenVersion } from "../if-match.ts";
import { type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Platform";
const path = "/api/v1/settings";
const answers = { 200: { description: "The settings.", schema: settingsSchema, headers: etagDescription } };

function reply({ settings, version }: VersionedSettings): Reply {
  return { status: 200, body: settings, headers: etagOf(version) };
}

export function settingsRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "Limits and plans; for platform administrators",
      tag,
      answers,
      problems: [],
      handle: async () => reply(await readSettings(connection.database)),
    }),
    route({
      method: "put",
      path,
      summary: "Set limits and plans; for platform administrators",
      tag,
      headers: ifMatchHeaders,
      body: changeSettingsSchema,
      answers,
      problems: [412],
      handle: async (asked) =>
        reply(await changeSettings(connection, reachedBy(asked).actor, asked.body, seenVersion(asked))),
    }),
  ];
}
