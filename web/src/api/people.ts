import { mutationOptions, queryOptions } from "@tanstack/react-query";
import { personListSchema, signInLinkSchema } from "../../../automation-api/contract/people.ts";
import { call } from "./client.ts";

/** Everybody, for administrators of the platform. */
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) => call("/people", personListSchema, { signal }),
});

/** A link that signs somebody in, once. */
export const signInLinkMutation = () =>
  mutationOptions({
    mutationFn: (id: string) => call(`/people/${id}/sign-in-link`, signInLinkSchema, { method: "POST" }),
  });
