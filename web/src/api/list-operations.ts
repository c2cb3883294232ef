import { operationListSchema } from "../../../automation-api/contract/operation.ts";
import { pagesOf } from "./pages.ts";

export const operationsQuery = (store: string) =>
  pagesOf(["store", store, "operations"], () => `/stores/${encodeURIComponent(store)}/operations`, operationListSchema);
