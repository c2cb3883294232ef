const names = new Intl.DisplayNames("en", { type: "region" });

export interface Country {
  /** ISO 3166-1 alpha-2, lower case as Medusa keeps it. */
  readonly code: string;
  readonly name: string;
}

/** Countries by name, in the order in which a person looks for theirs. */
export function namedCountries(codes: readonly string[]): Country[] {
  return codes.map((code) => ({ code, name: countryName(code) })).sort((a, b) => a.name.localeCompare(b.name, "en"));
}

export function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code.toUpperCase();
  } catch {
    return code.toUpperCase();
  }
}

/** The country a browser speaks of in Accept-Language (`de-AT` → `at`), when the store sells to it. */
export function likelyCountry(acceptLanguage: string | undefined, codes: readonly string[]): string {
  const spoken = [...(acceptLanguage ?? "").matchAll(/\b[a-z]{2,3}-([A-Za-z]{2})\b/g)].map((match) =>
    match[1]?.toLowerCase(),
  );
  return (
    spoken.find((code) => code !== undefined && codes.includes(code)) ?? (codes.length === 1 ? (codes[0] ?? "") : "")
  );
}
