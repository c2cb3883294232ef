import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { type Session, sessionSchema } from "../../../automation-api/contract/platform.ts";
import {
  passkeyQuestionSchema,
  redirectionSchema,
  type SignUp,
  waysInSchema,
} from "../../../automation-api/contract/sign-in.ts";
import { call } from "./client.ts";
import { askPasskey } from "./passkeys.ts";
import { sessionQuery } from "./session.ts";

/** How one can sign in here. */
export const waysInQuery = queryOptions({
  queryKey: ["ways-in"],
  queryFn: ({ signal }) => call("/sign-in", waysInSchema, { signal }),
  staleTime: 60_000,
});

/** Whoever has signed in is looked at as themselves from then on. */
const begins = (client: QueryClient) => ({
  retry: false,
  onSuccess: (session: Session) => {
    client.setQueryData(sessionQuery.queryKey, session);
  },
});

const signIn = (body: { email: string; password: string }) =>
  call("/sign-in/password", sessionSchema, { method: "POST", body });

export const passwordSignInMutation = (client: QueryClient) =>
  mutationOptions({ mutationFn: signIn, ...begins(client) });

/** Makes somebody new and signs them in: whoever had the address before signs in if the password is theirs. */
export const signUpMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: async (body: SignUp) => {
      await call("/sign-up", z.unknown(), { method: "POST", body });
      return signIn({ email: body.email, password: body.password });
    },
    ...begins(client),
  });

export const passkeySignInMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: async () => {
      const question = await call("/sign-in/passkey/question", passkeyQuestionSchema, { method: "POST" });
      const credential = await askPasskey(question);
      return call("/sign-in/passkey", sessionSchema, { method: "POST", body: { credential } });
    },
    ...begins(client),
  });

/** Leaves for the provider of single sign-on. `invitation` is its token, for somebody new. */
export const singleSignOnMutation = () =>
  mutationOptions({
    mutationFn: (invitation: string | undefined) =>
      call("/sign-in/single-sign-on", redirectionSchema, {
        method: "POST",
        body: invitation === undefined ? {} : { invitation },
      }),
    retry: false,
    onSuccess: ({ url }) => location.assign(url),
  });
