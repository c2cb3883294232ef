import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isSignedOut, ServiceAway } from "../api/errors.ts";
import { sessionQuery } from "../api/session.ts";

/** `retries`: how often a request that nobody answered is sent again before a view shows its error face. Default 1. */
export function createQueryClient({ retries = 1 } = {}): QueryClient {
  /** The session's query is what the shell looks at, so whatever fails tells it. */
  function noteFailure(error: unknown): void {
    if (isSignedOut(error)) client.setQueryData(sessionQuery.queryKey, null);
    const known = client.getQueryState(sessionQuery.queryKey)?.error instanceof ServiceAway;
    if (error instanceof ServiceAway && !known) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }

  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== sessionQuery.queryKey[0]) noteFailure(error);
      },
    }),
    mutationCache: new MutationCache({ onError: noteFailure }),
    defaultOptions: {
      queries: {
        // The service is on this machine or beside it; whether the browser thinks it is online says nothing about it.
        networkMode: "always",
        staleTime: 1_000,
        retry: (count, error) => error instanceof ServiceAway && count < retries,
        retryDelay: 400,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}
