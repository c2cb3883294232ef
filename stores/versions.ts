// Versions of shop software. Pure.

/**
 * Whether any part of `version` is older than the same part of `other`. A version has one part, such as `2.18.0`, or
 * several that are kept apart by `+`: the shop software, then what it stands on, such as `11.0.1+wordpress.7.0.4`.
 */
export function isOlder(version: string, other: string): boolean {
  const parts = version.split("+").map(numbersOf);
  const others = other.split("+").map(numbersOf);
  return parts.some((part, index) => compare(part, others[index] ?? []) < 0);
}

/** How a person reads it: `11.0.1 with WordPress 7.0.4`. */
export function versionTitle(version: string): string {
  return version.replace(/\+wordpress\./, " with WordPress ");
}

function numbersOf(part: string): readonly number[] {
  return (/\d+(\.\d+)*/.exec(part)?.[0] ?? "").split(".").map(Number);
}

/** Below 0 when `one` is older. What the other does not say is not older: `11.0` may be any 11.0. */
function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? number);
    if (difference !== 0) return difference;
  }
  return 0;
}
