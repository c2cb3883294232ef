import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { type Session, sessionSchema } from "../../../automation-api/contract/platform.ts";
import { call } from "./client.ts";
import { isSignedOut } from "./errors.ts";
import { chooseOrganization, chosenOrganization } from "./organization-choice.ts";

/** How often the service is asked whether it is there and knows us, in milliseconds. */
const CALM = 20_000;
const AWAY = 2_000;

/** Who is signed in; `null` when nobody is. Its error says that the service is away. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await call("/session", sessionSchema, { signal });
      forgetForeign(session);
      return session;
    } catch (error) {
      if (isSignedOut(error)) return null;
      throw error;
    }
  },
  retry: false,
  refetchInterval: (query) => (query.state.status === "error" || query.state.error !== null ? AWAY : CALM),
});

/** Whoever has left an organization, or is somebody else now, is not shown an empty one for ever. */
function forgetForeign({ organizations, user }: Session): void {
  const known = organizations.some(({ name }) => name === chosenOrganization());
  if (!known && !user.administrator) chooseOrganization(undefined);
}

export const signInMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: (token: string) => call("/session", sessionSchema, { method: "POST", body: { token } }),
    // A token works once; whether it was used up is for a person to find out.
    retry: false,
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });

export const signOutMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: () => call("/session", z.unknown(), { method: "DELETE" }),
    onSuccess: () => {
      chooseOrganization(undefined);
      client.setQueryData(sessionQuery.queryKey, null);
      // What was shown to the one who left must not be shown to the next.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
    },
  });
