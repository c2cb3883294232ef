import { z } from "zod";
import { PRINTABLE } from "../../stores/spec.ts";
import { pageOf } from "./page.ts";

// People, the organizations they belong to, and what they may do there. Pure: dashboard and CLI parse answers with it.

/** From the least to the most: looks on; makes and removes stores; manages people and keys; may do everything. */
export const ROLES = ["viewer", "member", "admin", "owner"] as const;
export const roleSchema = z.enum(ROLES, { error: `A role is one of: ${ROLES.join(", ")}.` });
export type Role = z.infer<typeof roleSchema>;

const plainText = (what: string, longest: number) =>
  z
    .string({ error: `${what} is missing.` })
    .trim()
    .min(1, { error: `${what} is empty.` })
    .max(longest, { error: `${what} is longer than ${longest} characters.` })
    .regex(PRINTABLE, { error: `${what} holds control characters such as line breaks; remove them.` })
    .refine((value) => value.isWellFormed(), { error: `${what} holds half of a character; write it anew.` });

/** What a person is called. */
export const personNameSchema = plainText("The name", 60);

/** What an organization is addressed by: small letters, digits and dashes. */
export const organizationNameSchema = z
  .string({ error: "An organization needs a name." })
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, {
    error: "Begin with a small letter, go on with small letters, digits and dashes; at most 40 characters fit.",
  });

export const createOrganizationSchema = z.strictObject({
  name: organizationNameSchema,
  /** What people read. Default: the name. */
  displayName: plainText("The display name", 60).optional(),
});

export const changeOrganizationSchema = z.strictObject({ displayName: plainText("The display name", 60) });

export const organizationSchema = z
  .object({
    name: z.string(),
    displayName: z.string(),
    /** What the one who asks is in it; absent for a platform administrator who is no member. */
    role: roleSchema.optional(),
    /** Stores that are not deleted. */
    stores: z.int().nonnegative(),
    members: z.int().nonnegative(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Organization" });
export type Organization = z.infer<typeof organizationSchema>;

export const organizationListSchema = pageOf(organizationSchema).meta({ id: "OrganizationList" });

export const memberSchema = z
  .object({
    /** Id of the person. */
    id: z.uuid(),
    name: z.string(),
    role: roleSchema,
    /** Since when. */
    since: z.iso.datetime(),
    /** In quotes, what `ETag` says and `If-Match` takes. */
    version: z.string(),
  })
  .meta({ id: "Member" });
export type Member = z.infer<typeof memberSchema>;

export const memberListSchema = pageOf(memberSchema).meta({ id: "MemberList" });

export const changeMemberSchema = z.strictObject({ role: roleSchema });

export const createInvitationSchema = z.strictObject({
  role: roleSchema,
  /** Who it is meant for, so that it can be told from others. */
  note: plainText("The note", 100).optional(),
});

export const invitationSchema = z
  .object({
    id: z.uuid(),
    role: roleSchema,
    note: z.string().optional(),
    invitedBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof invitationSchema>;

export const invitationListSchema = pageOf(invitationSchema).meta({ id: "InvitationList" });

/** Shown once: the link is what lets somebody in. */
export const newInvitationSchema = z
  .object({ invitation: invitationSchema, link: z.url() })
  .meta({ id: "NewInvitation" });

/** One person as administrators of the platform see them. */
export const personSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().optional(),
    administrator: z.boolean(),
    organizations: z.array(z.object({ name: z.string(), role: roleSchema })),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Person" });
export type Person = z.infer<typeof personSchema>;

export const personListSchema = pageOf(personSchema).meta({ id: "PersonList" });

/** Shown once: signs one person in, once, within an hour. */
export const signInLinkSchema = z.object({ link: z.url(), expiresAt: z.iso.datetime() }).meta({ id: "SignInLink" });
