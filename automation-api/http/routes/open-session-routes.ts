import { z } from "zod";
import { openSessionListSchema } from "../../contract/keys.ts";
import { pageQuerySchema } from "../../contract/page.ts";
import { endOtherSessions, endSession, readSessions } from "../../use-cases/open-sessions.ts";
import { principalOf, reachedBy } from "../caller.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Keys and sessions";

/** Where somebody is signed in. */
export function openSessionRoutes({ connection }: Services): readonly Route[] {
  const path = "/api/v1/sessions";
  return [
    route({
      method: "get",
      path,
      summary: "List where you are signed in",
      tag,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, newest first.", schema: openSessionListSchema } },
      problems: [],
      handle: async (asked) => ({
        status: 200,
        body: await readSessions(connection, principalOf(asked), asked.query),
      }),
    }),
    route({
      method: "delete",
      path,
      summary: "Sign out everywhere else",
      tag,
      answers: { 204: { description: "Only this session is left." } },
      problems: [],
      handle: async (asked) => {
        await endOtherSessions(connection, reachedBy(asked).actor, principalOf(asked));
        return { status: 204 };
      },
    }),
    route({
      method: "delete",
      path: `${path}/:id`,
      summary: "Sign out somewhere",
      tag,
      params: z.object({ id: z.string().meta({ description: "Id of the session." }) }),
      answers: { 204: { description: "It is over." } },
      problems: [404],
      handle: async (asked) => {
        await endSession(connection, reachedBy(asked).actor, asked.params.id);
        return { status: 204 };
      },
    }),
  ];
}
