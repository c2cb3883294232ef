/** What Prometheus calls the API's own measures, and those of the storefronts that it has probed. */
export const API_JOB = "storefleet";
export const STOREFRONTS_JOB = "storefleet-storefronts";

/** Namespaces of stores, as a pattern of Prometheus. */
export const STORE_NAMESPACES = "store-.+";
