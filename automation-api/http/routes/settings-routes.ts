import { z } from "zod";
import { changeSettingsSchema, settingsSchema } from "../../contract/settings.ts";
import { readSettings, type VersionedSettings } from "../../database/settings-repository.ts";
import { changeSettings } from "../../use-cases/settings.ts";
import { reachedBy } from "../caller.ts";
import { type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Platform";
const path = "/api/v1/settings";
const headers = { ETag: "Their version, for `If-Match`." };
const answers = { 200: { description: "The settings.", schema: settingsSchema, headers } };

const ifMatch = z.object({
  "If-Match": z
    .string()
    .regex(/^("\d{1,9}"|\*)$/, { error: 'If-Match is the ETag that the settings had, such as "3".' })
    .optional()
    .meta({ description: "The ETag of what was seen; the change is refused when it is not the present one." }),
});

function reply({ settings, version }: VersionedSettings): Reply {
  return { status: 200, body: settings, headers: { ETag: `"${version}"` } };
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
      headers: ifMatch,
      body: changeSettingsSchema,
      answers,
      problems: [412],
      handle: async (asked) => {
        const seen = asked.header("if-match");
        const version = seen === undefined || seen === "*" ? undefined : Number(seen.slice(1, -1));
        return reply(await changeSettings(connection, reachedBy(asked).actor, asked.body, version));
      },
    }),
  ];
}
