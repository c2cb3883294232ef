import { z } from "zod";
import { pageQuerySchema } from "../../contract/page.ts";
import {
  createInvitationSchema,
  type Invitation,
  invitationListSchema,
  invitationSchema,
  newInvitationSchema,
} from "../../contract/people.ts";
import { sessionSchema } from "../../contract/platform.ts";
import { acceptInvitationSchema } from "../../contract/sign-in.ts";
import {
  acceptInvitation,
  invite,
  readInvitation,
  readInvitations,
  withdrawInvitation,
} from "../../use-cases/invitations.ts";
import { identifyAgain, toSession } from "../../use-cases/sessions.ts";
import { versionOfInvitation } from "../../use-cases/versions.ts";
import { managerOf } from "../caller.ts";
import { etagDescription, etagOf, ifMatchHeaders, seenTag } from "../if-match.ts";
import { type Route, route } from "../route.ts";
import { organizationParams } from "./organization-routes.ts";
import type { Services } from "./services.ts";
import { signedInReply } from "./session-routes.ts";

const tag = "People";
const invitationsPath = "/api/v1/organizations/:organization/invitations";
const invitationParams = organizationParams.extend({ id: z.string().meta({ description: "Id of the invitation." }) });

function invitationTag(invitation: Invitation): Readonly<Record<string, string>> {
  return etagOf(versionOfInvitation(invitation));
}

/** Who is asked to come in. */
export function invitationRoutes(services: Services): readonly Route[] {
  const { connection, config } = services;
  return [
    route({
      method: "get",
      path: invitationsPath,
      summary: "List the invitations that can still be accepted",
      tag,
      params: organizationParams,
      query: pageQuerySchema,
      answers: { 200: { description: "One page, newest first.", schema: invitationListSchema } },
      problems: [404],
      handle: async (asked) => ({
        status: 200,
        body: await readInvitations(connection, managerOf(asked).organization, asked.query),
      }),
    }),
    route({
      method: "get",
      path: `${invitationsPath}/:id`,
      summary: "One invitation that can still be accepted",
      tag,
      params: invitationParams,
      answers: { 200: { description: "The invitation.", schema: invitationSchema, headers: etagDescription } },
      problems: [404],
      handle: async (asked) => {
        const body = await readInvitation(connection, managerOf(asked).organization, asked.params.id);
        return { status: 200, body, headers: invitationTag(body) };
      },
    }),
    route({
      method: "post",
      path: invitationsPath,
      summary: "Invite somebody",
      description: "The link is shown once, works once, within a week; give it to whom it is for.",
      tag,
      params: organizationParams,
      body: createInvitationSchema,
      answers: {
        201: { description: "The invitation and its link.", schema: newInvitationSchema, headers: etagDescription },
      },
      problems: [404],
      handle: async (asked) => {
        const { invitation, token } = await invite(connection, managerOf(asked), asked.body);
        const link = `${config.publicOrigin}/invitation#token=${token}`;
        const headers = { ...invitationTag(invitation), "Cache-Control": "no-store" };
        return { status: 201, body: { invitation, link }, headers };
      },
    }),
    route({
      method: "delete",
      path: `${invitationsPath}/:id`,
      summary: "Withdraw an invitation",
      tag,
      params: invitationParams,
      headers: ifMatchHeaders,
      answers: { 204: { description: "Its link does not work any more." } },
      problems: [404, 412],
      handle: async (asked) => {
        await withdrawInvitation(connection, managerOf(asked), { id: asked.params.id, seen: seenTag(asked) });
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
