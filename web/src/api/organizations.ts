import { mutationOptions, type QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  type createOrganizationSchema,
  invitationListSchema,
  type Member,
  memberListSchema,
  memberSchema,
  newInvitationSchema,
  organizationSchema,
  type Role,
} from "../../../automation-api/contract/people.ts";
import { sessionSchema } from "../../../automation-api/contract/platform.ts";
import type { acceptInvitationSchema } from "../../../automation-api/contract/sign-in.ts";
import { call } from "./client.ts";
import { chosenOrganization } from "./organization-choice.ts";
import { pagesOf } from "./pages.ts";
import { sessionQuery } from "./session.ts";

const pathOf = (organization: string) => `/organizations/${encodeURIComponent(organization)}`;

/** Where something new belongs: the organization that is shown, or the first where one may make something. */
export function organizationForNew(client: QueryClient): string | undefined {
  const session = client.getQueryData(sessionQuery.queryKey);
  return chosenOrganization() ?? session?.organizations.find(({ role }) => role !== "viewer")?.name;
}

/** As the query of a request. */
export function forNew(client: QueryClient): string {
  const name = organizationForNew(client);
  return name === undefined ? "" : `?organization=${encodeURIComponent(name)}`;
}

export const membersQuery = (organization: string) =>
  pagesOf(["members", organization], () => `${pathOf(organization)}/members`, memberListSchema);

export const invitationsQuery = (organization: string) =>
  pagesOf(["invitations", organization], () => `${pathOf(organization)}/invitations`, invitationListSchema);

export const changeMemberMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: ({ id, version, role }: Pick<Member, "id" | "version" | "role">) => {
      const path = `${pathOf(organization)}/members/${id}`;
      return call(path, memberSchema, { method: "PATCH", body: { role }, ifMatch: `"${version}"` });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["members", organization] }),
  });

export const removeMemberMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: (id: string) => call(`${pathOf(organization)}/members/${id}`, z.unknown(), { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["members", organization] }),
  });

export const inviteMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: (body: { role: Role; note?: string }) =>
      call(`${pathOf(organization)}/invitations`, newInvitationSchema, { method: "POST", body }),
    onSettled: () => client.invalidateQueries({ queryKey: ["invitations", organization] }),
  });

export const withdrawMutation = (client: QueryClient, organization: string) =>
  mutationOptions({
    mutationFn: (id: string) => call(`${pathOf(organization)}/invitations/${id}`, z.unknown(), { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["invitations", organization] }),
  });

export const createOrganizationMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (body: z.input<typeof createOrganizationSchema>) =>
      call("/organizations", organizationSchema, { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });

export const acceptMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (body: z.input<typeof acceptInvitationSchema>) =>
      call("/invitations/accept", sessionSchema, { method: "POST", body }),
    // A token works once; whether it was used up is for a person to find out.
    retry: false,
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
