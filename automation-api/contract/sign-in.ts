import { z } from "zod";
import { personNameSchema } from "./people.ts";

// Ways in, and what somebody signs in with. Pure.

/** Who may become a new person: everybody, whoever has an invitation, nobody. */
export const SIGN_UP_MODES = ["open", "invitation", "off"] as const;
export const signUpModeSchema = z.enum(SIGN_UP_MODES, { error: `One of: ${SIGN_UP_MODES.join(", ")}.` });
export type SignUpMode = z.infer<typeof signUpModeSchema>;

/** Fewest and most characters of a password. */
export const PASSWORD_LENGTH = { least: 12, most: 256 } as const;

/** In small letters, because that is how addresses are compared. */
export const emailSchema = z
  .string({ error: "The e-mail address is missing." })
  .trim()
  .toLowerCase()
  .max(254, { error: "The e-mail address is longer than 254 characters." })
  .pipe(z.email({ error: "This is no e-mail address." }));

export const newPasswordSchema = z
  .string({ error: "The password is missing." })
  .min(PASSWORD_LENGTH.least, { error: `A password has at least ${PASSWORD_LENGTH.least} characters.` })
  .max(PASSWORD_LENGTH.most, { error: `A password has at most ${PASSWORD_LENGTH.most} characters.` })
  .refine((value) => new Set(value).size >= 5, { error: "Use at least five different characters." });

/** A password that is there already, whatever the rules were when it was made. */
const presentPassword = z.string({ error: "The password is missing." }).min(1).max(PASSWORD_LENGTH.most);

/** What one can do without being signed in. */
export const waysInSchema = z
  .object({
    signUp: signUpModeSchema,
    /** Present when a provider is configured. */
    singleSignOn: z.object({ title: z.string() }).optional(),
  })
  .meta({ id: "WaysIn" });
export type WaysIn = z.infer<typeof waysInSchema>;

export const passwordSignInSchema = z.strictObject({ email: emailSchema, password: presentPassword });

export const signUpSchema = z.strictObject({
  name: personNameSchema,
  email: emailSchema,
  password: newPasswordSchema,
});
export type SignUp = z.output<typeof signUpSchema>;

export const acceptInvitationSchema = z
  .strictObject({
    token: z.string().min(1).max(200),
    /** What a person is called who has not been here before. Whoever is signed in joins as who they are. */
    name: personNameSchema.optional(),
    /** With what they sign in later. Default: nothing, and they need a passkey or another link. */
    email: emailSchema.optional(),
    password: newPasswordSchema.optional(),
  })
  .refine(({ email, password }) => (email === undefined) === (password === undefined), {
    path: ["password"],
    error: "An e-mail address and a password are given together, or neither is.",
  });

const encoded = z.string().max(8000);
const userVerification = z.enum(["required", "preferred", "discouraged"]);

/** What `navigator.credentials.get` is to be asked with, as JSON. */
export const passkeyQuestionSchema = z
  .object({
    challenge: encoded,
    rpId: z.string().exactOptional(),
    timeout: z.number().exactOptional(),
    userVerification: userVerification.exactOptional(),
  })
  .meta({ id: "PasskeyQuestion" });
export type PasskeyQuestion = z.infer<typeof passkeyQuestionSchema>;

/** What `navigator.credentials.create` is to be asked with, as JSON. */
export const newPasskeyQuestionSchema = z
  .object({
    challenge: encoded,
    rp: z.object({ id: z.string().exactOptional(), name: z.string() }),
    user: z.object({ id: encoded, name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ alg: z.number(), type: z.literal("public-key") })),
    timeout: z.number().exactOptional(),
    /** Those that are there already. */
    excludeCredentials: z
      .array(z.object({ id: encoded, type: z.literal("public-key").default("public-key") }))
      .default([]),
    authenticatorSelection: z
      .object({
        residentKey: z.enum(["required", "preferred", "discouraged"]).exactOptional(),
        requireResidentKey: z.boolean().exactOptional(),
        userVerification: userVerification.exactOptional(),
      })
      .exactOptional(),
  })
  .meta({ id: "NewPasskeyQuestion" });
export type NewPasskeyQuestion = z.infer<typeof newPasskeyQuestionSchema>;

const credential = { id: encoded.min(1), rawId: encoded, type: z.literal("public-key") };
const clientExtensionResults = z.object({}).default({});

/** What `navigator.credentials.get` has answered, as JSON. */
export const passkeyAnswerSchema = z.object({
  ...credential,
  clientExtensionResults,
  response: z.object({
    clientDataJSON: encoded,
    authenticatorData: encoded,
    signature: encoded,
    userHandle: encoded.exactOptional(),
  }),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswerSchema>;

/** What `navigator.credentials.create` has answered, as JSON. */
export const newPasskeyAnswerSchema = z.object({
  ...credential,
  clientExtensionResults,
  response: z.object({
    clientDataJSON: encoded,
    attestationObject: z.string().max(40_000),
    transports: z.array(z.string().max(40)).max(20).default([]),
  }),
});
export type NewPasskeyAnswer = z.infer<typeof newPasskeyAnswerSchema>;

export const passkeySignInSchema = z.strictObject({ credential: passkeyAnswerSchema });

export const beginSingleSignOnSchema = z.strictObject({
  /** Token of an invitation, for somebody new. */
  invitation: z.string().min(1).max(200).optional(),
});

/** Where the browser is to go. */
export const redirectionSchema = z.object({ url: z.url() }).meta({ id: "Redirection" });

export const passkeySchema = z
  .object({ id: z.uuid(), name: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: "Passkey" });
export type Passkey = z.infer<typeof passkeySchema>;

/** Somebody, and how they sign in, for themselves. */
export const accountSchema = z
  .object({
    name: z.string(),
    email: z.string().optional(),
    hasPassword: z.boolean(),
    /** Whether the present password has to be given before another one, or another address, is set. */
    asksForPassword: z.boolean(),
    passkeys: z.array(passkeySchema),
    /** Whether somebody at the provider of single sign-on is this person. */
    singleSignOn: z.boolean(),
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof accountSchema>;

export const changeAccountSchema = z.strictObject({
  name: personNameSchema.optional(),
  email: emailSchema.optional(),
  /** Needed to change the address; see `asksForPassword`. */
  currentPassword: presentPassword.optional(),
});

export const setPasswordSchema = z.strictObject({
  password: newPasswordSchema,
  currentPassword: presentPassword.optional(),
});

export const createPasskeySchema = z.strictObject({
  /** What it is called in the list, such as the device it is on. */
  name: personNameSchema,
  credential: newPasskeyAnswerSchema,
});
