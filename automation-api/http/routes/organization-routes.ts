import { z } from "zod";
import { pageQuerySchema } from "../../contract/page.ts";
import {
  changeOrganizationSchema,
  createOrganizationSchema,
  type Organization,
  organizationListSchema,
  organizationSchema,
} from "../../contract/people.ts";
import {
  changeOrganization,
  createOrganization,
  readOrganization,
  readOrganizations,
  removeOrganization,
} from "../../use-cases/organizations.ts";
import { versionOfOrganization } from "../../use-cases/versions.ts";
import { managerOf, principalOf, reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Reply, type Route, route } from "../route.ts";
import type { Services } from "./services.ts";

const tag = "Organizations";
const path = "/api/v1/organizations";
const onePath = `${path}/:organization`;
export const organizationParams = z.object({
  organization: z.string().meta({ description: "Name of the organization." }),
});
const one = { 200: { description: "The organization.", schema: organizationSchema, headers: etagDescription } };

function reply(body: Organization, status = 200): Reply {
  return { status, body, headers: etagOf(versionOfOrganization(body)) };
}

export function organizationRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path,
      summary: "List the organizations you belong to",
      tag,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, by name.", schema: organizationListSchema } },
      problems: [],
      handle: async (asked) => ({
        status: 200,
        body: await readOrganizations(connection, principalOf(asked), asked.query),
      }),
    }),
    route({
      method: "post",
      path,
      summary: "Make an organization; it is yours",
      tag,
      body: createOrganizationSchema,
      answers: { 201: one[200] },
      problems: [409],
      handle: async (asked) => {
        const who = { principal: principalOf(asked), actor: reachedBy(asked).actor };
        return reply(await createOrganization(connection, who, asked.body), 201);
      },
    }),
    route({
      method: "get",
      path: onePath,
      summary: "One organization",
      tag,
      params: organizationParams,
      answers: one,
      problems: [404],
      handle: async (asked) => {
        const { principal, organization } = managerOf(asked);
        return reply(await readOrganization(connection, principal, organization));
      },
    }),
    route({
      method: "patch",
      path: onePath,
      summary: "Call an organization something else",
      tag,
      params: organizationParams,
      headers: ifMatchHeaders,
      body: changeOrganizationSchema,
      answers: one,
      problems: [404, 412],
      handle: async (asked) => {
        const manager = managerOf(asked);
        const change = { ...asked.body, seen: seenTag(asked) };
        return reply(await changeOrganization(connection, manager, manager.organization, change));
      },
    }),
    route({
      method: "delete",
      path: onePath,
      summary: "Remove an organization that never had a store",
      tag,
      params: organizationParams,
      headers: ifMatchHeaders,
      answers: { 204: { description: "It is gone." } },
      problems: [404, 409, 412],
      handle: async (asked) => {
        const { actor, organization } = managerOf(asked);
        await removeOrganization(connection, actor, organization, seenTag(asked));
        return { status: 204 };
      },
    }),
  ];
}
