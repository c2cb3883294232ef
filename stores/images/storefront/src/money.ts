/** An amount in the units people use (22.5 is twenty-two euros fifty), as Medusa gives it. */
export interface Money {
  readonly amount: number;
  /** ISO 4217; Medusa writes it in lower case. */
  readonly currency: string;
}

const formats = new Map<string, Intl.NumberFormat>();

export function formatMoney({ amount, currency }: Money): string {
  const code = currency.toUpperCase();
  // Making a NumberFormat costs more than all its uses on one page.
  const format = formats.get(code) ?? new Intl.NumberFormat("en", { style: "currency", currency: code });
  formats.set(code, format);
  return format.format(amount);
}
