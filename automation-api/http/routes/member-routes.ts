import { z } from "zod";
import { pageQuerySchema } from "../../contract/page.ts";
import {
  changeMemberSchema,
  type Member,
  memberListSchema,
  memberSchema,
  personListSchema,
  signInLinkSchema,
} from "../../contract/people.ts";
import { changeMember, expelMember, readMember, readMembers } from "../../use-cases/members.ts";
import { issueSignInToken, readPeople } from "../../use-cases/people.ts";
import { managerOf, reachedBy } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Reply, type Route, route } from "../route.ts";
import { organizationParams } from "./organization-routes.ts";
import type { Services } from "./services.ts";

const tag = "People";
const membersPath = "/api/v1/organizations/:organization/members";
const memberParams = organizationParams.extend({ id: z.string().meta({ description: "Id of the person." }) });

const oneMember = { 200: { description: "The member.", schema: memberSchema, headers: etagDescription } };

function memberReply(body: Member): Reply {
  return { status: 200, body, headers: etagOf(body.version) };
}

function memberRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: membersPath,
      summary: "List the members of an organization",
      tag,
      params: organizationParams,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, by how long they have been in it.", schema: memberListSchema } },
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readMembers(connection, managerOf(asked).organization, asked.query),
      }),
    }),
    route({
      method: "get",
      path: `${membersPath}/:id`,
      summary: "One member of an organization",
      tag,
      params: memberParams,
      answers: oneMember,
      problems: [404],
      handle: async (asked) =>
        memberReply(await readMember(connection, managerOf(asked).organization, asked.params.id)),
    }),
    route({
      method: "patch",
      path: `${membersPath}/:id`,
      summary: "Give a member another role",
      tag,
      params: memberParams,
      headers: ifMatchHeaders,
      body: changeMemberSchema,
      answers: oneMember,
      problems: [404, 409, 412],
      handle: async (asked) => {
        const seen = { id: asked.params.id, seen: seenTag(asked) };
        return memberReply(await changeMember(connection, managerOf(asked), seen, asked.body.role));
      },
    }),
    route({
      method: "delete",
      path: `${membersPath}/:id`,
      summary: "Take a member out of an organization, or leave it",
      tag,
      params: memberParams,
      headers: ifMatchHeaders,
      answers: { 204: { description: "They are no member any more." } },
      problems: [404, 409, 412],
      handle: async (asked) => {
        await expelMember(connection, managerOf(asked), { id: asked.params.id, seen: seenTag(asked) });
        return { status: 204 };
      },
    }),
  ];
}

function peopleRoutes({ connection, config }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/people",
      summary: "List everybody; for platform administrators",
      tag,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, oldest first.", schema: personListSchema } },
      problems: [],
      handle: async ({ query }) => ({ status: 200, body: await readPeople(connection, query) }),
    }),
    route({
      method: "post",
      path: "/api/v1/people/:id/sign-in-link",
      summary: "A link that signs somebody in, once; for platform administrators",
      tag,
      params: z.object({ id: z.string().meta({ description: "Id of the person." }) }),
      answers: { 201: { description: "The link.", schema: signInLinkSchema } },
      problems: [404],
      handle: async (asked) => {
        const { token, expiresAt } = await issueSignInToken(connection, reachedBy(asked).actor, asked.params.id);
        const body = { link: `${config.publicOrigin}/sign-in#token=${token}`, expiresAt: expiresAt.toISOString() };
        return { status: 201, body, headers: { "Cache-Control": "no-store" } };
      },
    }),
  ];
}

export function everyPeopleRoute(services: Services): readonly Route[] {
  return [...memberRoutes(services), ...peopleRoutes(services)];
}
