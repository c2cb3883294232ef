/** How many units of a currency the sample catalogue asks for one euro. Round on purpose: these are shelf prices. */
const perEuro: Readonly<Record<string, number>> = {
  aed: 4,
  cny: 8,
  czk: 25,
  dkk: 7.5,
  huf: 400,
  inr: 90,
  jpy: 150,
  krw: 1500,
  mxn: 20,
  nok: 11,
  pln: 4,
  sek: 11,
  thb: 40,
  try: 45,
  zar: 20,
}; // prettier-ignore

/** The price of something that costs `euros` in a European store, in `currency` (ISO 4217, lower case). */
export function priceIn(currency: string, euros: number): number {
  const factor = perEuro[currency];
  return factor === undefined ? euros : Math.max(1, Math.round(euros * factor));
}
