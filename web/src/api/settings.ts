import { mutationOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { type Settings, settingsSchema } from "../../../automation-api/contract/settings.ts";
import { call } from "./client.ts";

interface Seen {
  readonly settings: Settings;
  /** Version of what was seen. */
  readonly tag: string;
}

async function ask(options: Parameters<typeof call>[2]): Promise<Seen> {
  let tag = "*";
  const onTag = (given: string) => {
    tag = given;
  };
  const settings = await call("/settings", settingsSchema, { ...options, onTag });
  return { settings, tag };
}

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => ask({ signal }),
  // A form stands on it: nothing changes under the hands of whoever fills it in.
  refetchOnWindowFocus: false,
});

export const changeSettingsMutation = (client: QueryClient) =>
  mutationOptions({
    mutationFn: ({ settings, tag }: Seen) => ask({ method: "PUT", body: settings, ifMatch: tag }),
    onSuccess: (seen) => client.setQueryData(settingsQuery.queryKey, seen),
  });
