import type { Platform } from "../../../automation-api/contract/platform.ts";
import type { StoreSummary } from "../../../automation-api/contract/store.ts";

// What people read for the codes of a spec.

export const planTitles: Readonly<Record<StoreSummary["plan"], string>> = {
  basic: "Basic",
  standard: "Standard",
  premium: "Premium",
};

export const planNotes: Readonly<Record<StoreSummary["plan"], string>> = {
  basic: "To try things out, or for a small store.",
  standard: "For daily business with room to grow.",
  premium: "For busy stores that must not stop.",
};

/** The engine's own name, as far as it is known. */
export function engineTitle(platform: Platform | undefined, engine: StoreSummary["engine"]): string {
  const title = platform?.engines.find((known) => known.engine === engine)?.title;
  return title ?? `${engine.charAt(0).toUpperCase()}${engine.slice(1)}`;
}

const currencies = new Intl.DisplayNames("en", { type: "currency" });
const countries = new Intl.DisplayNames("en", { type: "region" });

/** `EUR · Euro` for `eur`. */
export function currencyTitle(code: string): string {
  const upper = code.toUpperCase();
  const name = currencies.of(upper);
  return name === undefined || name === upper ? upper : `${upper} · ${name}`;
}

/** `Germany` for `de`. */
export function countryTitle(code: string): string {
  return countries.of(code.toUpperCase()) ?? code.toUpperCase();
}
