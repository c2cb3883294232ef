import { mutationOptions } from "@tanstack/react-query";
import { personListSchema, signInLinkSchema } from "../../../automation-api/contract/people.ts";
import { call } from "./client.ts";
import { pagesOf } from "./pages.ts";

/** Everybody, for administrators of the platform. */
export const peopleQuery = pagesOf(["people"], () => "/people", personListSchema);

/** A link that signs somebody in, once. */
export const signInLinkMutation = () =>
  mutationOptions({
    mutationFn: (id: string) => call(`/people/${id}/sign-in-link`, signInLinkSchema, { method: "POST" }),
  });
