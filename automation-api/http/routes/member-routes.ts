import { z } from "zod";
import {
  changeMemberSchema,
  createInvitationSchema,
  invitationListSchema,
  memberListSchema,
  memberSchema,
  newInvitationSchema,
  personListSchema,
  signInLinkSchema,
} from "../../contract/people.ts";
import { sessionSchema } from "../../contract/platform.ts";
import { acceptInvitationSchema } from "../../contract/sign-in.ts";
import { acceptInvitation, invite, readInvitations, withdrawInvitation } from "../../use-cases/invitations.ts";
import { changeMember, expelMember, readMembers } from "../../use-cases/members.ts";
import { issueSignInToken, readPeople } from "../../use-cases/people.ts";
import { identifyAgain, toSession } from "../../use-cases/sessions.ts";
import { managerOf, reachedBy } from "../caller.ts";
import { type Route, route } from "../route.ts";
import { organizationParams } from "./organization-routes.ts";
import type { Services } from "./services.ts";
import { signedInReply } from "./session-routes.ts";

const tag = "People";
const membersPath = "/api/v1/organizations/:organization/members";
const invitationsPath = "/api/v1/organizations/:organization/invitations";
const memberParams = organizationParams.extend({ id: z.string().meta({ description: "Id of the person." }) });
const invitationParams = organizationParams.extend({ id: z.string().meta({ description: "Id of the invitation." }) });

function memberRoutes({ connection }: Services): readonly Route[] {
  return [
    route({
      method: "get",
      path: membersPath,
      summary: "List the members of an organization",
      tag,
      params: organizationParams,
      answers: { 200: { description: "All of them.", schema: memberListSchema } },
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readMembers(connection, managerOf(asked).organization),
      }),
    }),
    route({
      method: "patch",
      path: `${membersPath}/:id`,
      summary: "Give a member another role",
      tag,
      params: memberParams,
      body: changeMemberSchema,
      answers: { 200: { description: "The member.", schema: memberSchema } },
      problems: [404, 409],
      handle: async (asked) => ({
        status: 200,
        body: await changeMember(connection, managerOf(asked), asked.params.id, asked.body.role),
      }),
    }),
    route({
      method: "delete",
      path: `${membersPath}/:id`,
      summary: "Take a member out of an organization, or leave it",
      tag,
      params: memberParams,
      answers: { 204: { description: "They are no member any more." } },
      problems: [404, 409],
      handle: async (asked) => {
        await expelMember(connection, managerOf(asked), asked.params.id);
        return { status: 204 };
      },
    }),
  ];
}

function invitationRoutes(services: Services): readonly Route[] {
  const { connection, config } = services;
  return [
    route({
      method: "get",
      path: invitationsPath,
      summary: "List the invitations that can still be accepted",
      tag,
      params: organizationParams,
      answers: { 200: { description: "All of them, newest first.", schema: invitationListSchema } },
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readInvitations(connection, managerOf(asked).organization),
      }),
    }),
    route({
      method: "post",
      path: invitationsPath,
      summary: "Invite somebody",
      description: "The link is shown once, works once, within a week; give it to whom it is for.",
      tag,
      params: organizationParams,
      body: createInvitationSchema,
      answers: { 201: { description: "The invitation and its link.", schema: newInvitationSchema } },
      problems: [404],
      handle: async (asked) => {
        const { invitation, token } = await invite(connection, managerOf(asked), asked.body);
        const link = `${config.publicOrigin}/invitation#token=${token}`;
        return { status: 201, body: { invitation, link }, headers: { "Cache-Control": "no-store" } };
      },
    }),
    route({
      method: "delete",
      path: `${invitationsPath}/:id`,
      summary: "Withdraw an invitation",
      tag,
      params: invitationParams,
      answers: { 204: { description: "Its link does not work any more." } },
      problems: [404],
      handle: async (asked) => {
        await withdrawInvitation(connection, managerOf(asked), asked.params.id);
        return { status: 204 };
      },
    }),
    route({
      method: "post",
      path: "/api/v1/invitations/accept",
      repeats: "never",
      summary: "Accept an invitation",
      description: "Whoever is signed in joins as who they are; anybody else becomes a new person and is signed in.",
      tag,
      body: acceptInvitationSchema,
      answers: { 200: { description: "Who you are, and where you belong now.", schema: sessionSchema } },
      problems: [404],
      handle: async ({ body, caller, origin }) => {
        const principal = caller.principal?.via.kind === "session" ? caller.principal : undefined;
        const secret = await acceptInvitation(services, principal, body, origin);
        if (secret !== undefined) return signedInReply(services, secret, caller);
        if (principal === undefined) throw new Error("An invitation was accepted by nobody.");
        return { status: 200, body: toSession(await identifyAgain(connection, principal)) };
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
      answers: { 200: { description: "Everybody.", schema: personListSchema } },
      problems: [],
      handle: async () => ({ status: 200, body: await readPeople(connection) }),
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
  return [...memberRoutes(services), ...invitationRoutes(services), ...peopleRoutes(services)];
}
