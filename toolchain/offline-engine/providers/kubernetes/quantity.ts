/**
 * Amounts such as `500m`, `1Gi` or `1e3` in the one spelling the API server stores, so that `1000m` in a program and
 * `1` in the cluster are no difference. The rules are those of Kubernetes' `resource.Quantity`.
 */

const PATTERN = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
const DECIMAL: readonly string[] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Position of the suffix "" in {@link DECIMAL}; each step away is a factor of 1000. */
const ONE = 3;
/** Amounts are counted in units of 10^-9, the finest there are. */
const NANO = 10n ** 9n;

/** The canonical spelling, or the text itself when it is no quantity (the server will say so). */
export function canonicalQuantity(text: string): string {
  const { sign, whole = "", fraction = "", suffix = "" } = PATTERN.exec(text.trim())?.groups ?? {};
  if (sign === undefined || whole + fraction === "") return text;
  const digits = BigInt(whole + fraction);
  const scale = 10n ** BigInt(fraction.length);
  const nanos = ceilDivide(digits * unitOf(suffix), scale);
  const binary = BINARY.indexOf(suffix) > 0 && nanos >= 1024n * NANO && nanos % NANO === 0n;
  const minus = sign === "-" && nanos !== 0n ? "-" : "";
  const exponent = /^[eE][+-]?\d/.test(suffix);
  return minus + (binary ? binaryText(nanos / NANO) : decimalText(nanos, exponent));
}

/** How many nano units one of the suffix is. */
function unitOf(suffix: string): bigint {
  const binary = BINARY.indexOf(suffix);
  if (binary > 0) return NANO * 1024n ** BigInt(binary);
  const decimal = DECIMAL.indexOf(suffix);
  if (decimal >= 0) return 1000n ** BigInt(decimal);
  const exponent = Number(suffix.slice(1));
  return exponent >= -9 ? 10n ** BigInt(exponent + 9) : 1n;
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

function binaryText(value: bigint): string {
  let power = 0;
  let rest = value;
  while (rest % 1024n === 0n && power < BINARY.length - 1) {
    rest /= 1024n;
    power += 1;
  }
  return `${rest}${BINARY[power]}`;
}

function decimalText(nanos: bigint, exponent: boolean): string {
  if (nanos === 0n) return "0";
  let power = 0;
  let rest = nanos;
  while (rest % 1000n === 0n && power < DECIMAL.length - 1) {
    rest /= 1000n;
    power += 1;
  }
  if (!exponent) return `${rest}${DECIMAL[power]}`;
  return power === ONE ? `${rest}` : `${rest}e${(power - ONE) * 3}`;
}
