import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isSignedOut, ServiceAway } from "../api/errors.ts";
import { sessionQuery } from "../api/session.ts";

/** `retries`: how often a request that nobody answered is sent again before a view shows its error face. Default 2. */
export function createQueryClient({ retries = 2 } = {}): QueryClient {
  const away = (count: number, error: Error) => error instanceof ServiceAway && count < retries;

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
        retry: away,
        retryDelay: 400,
      },
      // Sending twice is safe: whatever starts something carries a key.
      mutations: { networkMode: "always", retry: away, retryDelay: 400 },
    },
  });
  return client;
}
