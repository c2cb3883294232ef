import { z } from "zod";
import type { Authentication, Visitor } from "../authentication.ts";
import { newPasskeyQuestionSchema, passkeyQuestionSchema } from "../contract/sign-in.ts";
import { readSigningKey } from "../database/identity-repository.ts";
import { once } from "../once.ts";
import type { SingleSignOnConfig } from "../single-sign-on-config.ts";
import { DomainError } from "../use-cases/domain-error.ts";
import { type AuthAnswer, headersOf, readAnswer } from "./ask.ts";
import type { AuthOptions } from "./options.ts";
import { createSingleSignOn } from "./single-sign-on.ts";

export interface AuthenticationOptions extends AuthOptions {
  readonly singleSignOn: SingleSignOnConfig | undefined;
}

const withId = z.looseObject({ id: z.string() });

/** People's passwords, passkeys and single sign-on by better-auth, on our database. */
export function createAuthentication(options: AuthenticationOptions): Authentication {
  const signingKey = once(() => readSigningKey(options.connection.database));
  // Loaded when somebody first signs in: a quarter of what a service that nobody uses would take.
  const auth = once(async () => {
    const { createLocalAuth } = await import("./local-auth.ts");
    return createLocalAuth(options, await signingKey());
  });
  const asked = async (visitor: Visitor) => ({
    api: (await auth()).api,
    headers: headersOf(visitor, options.publicOrigin, await signingKey()),
  });
  const { singleSignOn } = options;
  return {
    hashPassword: async (password) => (await (await auth()).$context).password.hash(password),
    isPassword: async (hash, password) => (await (await auth()).$context).password.verify({ hash, password }),
    signInByPassword: async (visitor, login) => {
      const { api, headers } = await asked(visitor);
      return secretOf(await readAnswer(await api.signInEmail({ body: login, headers, asResponse: true })));
    },
    askForPasskey: async (visitor) => {
      const { api, headers } = await asked({ ...visitor, cookies: undefined });
      const answer = await readAnswer(await api.generatePasskeyAuthenticationOptions({ headers, asResponse: true }));
      return { body: passkeyQuestionSchema.parse(done(answer).body), cookies: answer.cookies };
    },
    signInByPasskey: async (visitor, credential) => {
      const { api, headers } = await asked(visitor);
      const body = { response: credential };
      return secretOf(await readAnswer(await api.verifyPasskeyAuthentication({ body, headers, asResponse: true })));
    },
    askForNewPasskey: async (visitor) => {
      const { api, headers } = await asked(visitor);
      const answer = await readAnswer(await api.generatePasskeyRegistrationOptions({ headers, asResponse: true }));
      return { body: newPasskeyQuestionSchema.parse(done(answer).body), cookies: answer.cookies };
    },
    addPasskey: async (visitor, { name, credential }) => {
      const { api, headers } = await asked(visitor);
      const body = { name, response: credential };
      const answer = await readAnswer(await api.verifyPasskeyRegistration({ body, headers, asResponse: true }));
      return { id: withId.parse(done(answer).body).id };
    },
    singleSignOn: singleSignOn && createSingleSignOn(options, singleSignOn, signingKey),
  };
}

/** Nobody is told why: what is not a session is no session. Throws when it is better-auth that has failed. */
function secretOf({ isDone, code, secret }: AuthAnswer): string | undefined {
  if (!isDone && code === undefined) throw new Error("better-auth could not sign anybody in; the log says why.");
  return isDone ? secret : undefined;
}

function done(answer: AuthAnswer): AuthAnswer {
  if (answer.isDone) return answer;
  if (answer.code === "SESSION_NOT_FRESH") {
    throw new DomainError("forbidden", "You signed in too long ago for that; sign out, sign in, and try again.", {
      type: "sign-in-again",
    });
  }
  throw new DomainError("conflict", "This passkey could not be used; try again.", { type: "passkey-refused" });
}
