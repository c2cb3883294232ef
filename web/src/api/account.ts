import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  type Account,
  accountSchema,
  type changeAccountSchema,
  newPasskeyQuestionSchema,
  passkeySchema,
  redirectionSchema,
  type setPasswordSchema,
} from "../../../automation-api/contract/sign-in.ts";
import { call } from "./client.ts";
import { makePasskey } from "./passkeys.ts";
import { sessionQuery } from "./session.ts";

/** An account, and the version of what was seen. */
export type SeenAccount = Account & { readonly tag: string };

async function ask(options: Parameters<typeof call>[2]): Promise<SeenAccount> {
  let tag = "*";
  const onTag = (given: string) => {
    tag = given;
  };
  const account = await call("/account", accountSchema, { ...options, onTag });
  return { ...account, tag };
}

/** Who one is, and how one signs in. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => ask({ signal }),
});

const seeAgain = (client: QueryClient) => ({
  onSettled: () => client.invalidateQueries({ queryKey: accountQuery.queryKey }),
});

export const changeAccountMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: ({ body, tag }: { body: z.input<typeof changeAccountSchema>; tag: string }) =>
      ask({ method: "PATCH", body, ifMatch: tag }),
    onSuccess: async (account) => {
      client.setQueryData(accountQuery.queryKey, account);
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });

export const changePasswordMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (body: z.input<typeof setPasswordSchema>) =>
      call("/account/password", z.unknown(), { method: "PUT", body }),
    // Other sessions have ended by it, too.
    onSettled: () => client.invalidateQueries(),
  });

export const addPasskeyMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: async (name: string) => {
      const question = await call("/account/passkeys/question", newPasskeyQuestionSchema, { method: "POST" });
      const credential = await makePasskey(question);
      return call("/account/passkeys", passkeySchema, { method: "POST", body: { name, credential } });
    },
    retry: false,
    ...seeAgain(client),
  });

export const removePasskeyMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (id: string) => call(`/account/passkeys/${id}`, z.unknown(), { method: "DELETE" }),
    ...seeAgain(client),
  });

/** Leaves for the provider of single sign-on, which sends back who one is there. */
export const connectMutation = () =>
  mutationOptions({
    mutationFn: () => call("/account/single-sign-on", redirectionSchema, { method: "POST" }),
    retry: false,
    onSuccess: ({ url }) => location.assign(url),
  });

export const disconnectMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: () => call("/account/single-sign-on", z.unknown(), { method: "DELETE" }),
    ...seeAgain(client),
  });
