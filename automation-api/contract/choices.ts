import { COUNTRIES, CURRENCIES } from "../../stores/iso.ts";
import { LIMITS } from "../../stores/spec.ts";
import { versionTitle } from "../../stores/versions.ts";

// What a form offers. Pure: the same lists the spec is checked against.

/** ISO 4217, lower case, by the alphabet. */
export const currencyCodes: readonly string[] = [...CURRENCIES].sort();

/** ISO 3166-1 alpha-2, lower case, by the alphabet. */
export const countryCodes: readonly string[] = [...COUNTRIES].sort();

/** Most characters of a store's name, so that its namespace fits a DNS label. */
export const longestName: number = LIMITS.name;

/** Most characters of a store's display name. */
export const longestDisplayName: number = LIMITS.displayName;

/** A version as a person reads it, such as `11.0.1 with WordPress 7.0.4`. */
export const readVersion = (version: string): string => versionTitle(version);
