// Lists are asked for again and again instead of streamed: a browser opens few connections to one origin, and the page
// of a store needs one of them for its live operation.

/** Milliseconds until the next look. */
export function pollingInterval(somethingHappens: boolean): number {
  return somethingHappens ? 1_500 : 8_000;
}
