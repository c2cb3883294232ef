import { queryOptions } from "@tanstack/react-query";
import { overviewSchema } from "../../../automation-api/contract/platform.ts";
import { call } from "./client.ts";
import { inChosen } from "./organization-choice.ts";
import { pollingInterval } from "./polling.ts";

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => call(`/overview${inChosen()}`, overviewSchema, { signal }),
  refetchInterval: ({ state: { data } }) => pollingInterval(data !== undefined && data.queued + data.running > 0),
});
