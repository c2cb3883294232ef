const PAUSES = [300, 1_000, 2_500] as const;

/**
 * Loads a part of the dashboard, and again when it gets lost on the way: Chromium drops requests when a network interface
 * comes or goes (ERR_NETWORK_CHANGED), and every pod of a cluster on the same machine is one. Throws what the last try
 * threw. `wait` takes milliseconds.
 */
export async function load<Part>(
  part: () => Promise<Part>,
  wait: (pause: number) => Promise<void> = pass,
): Promise<Part> {
  for (const pause of PAUSES) {
    try {
      return await part();
    } catch {
      await wait(pause);
    }
  }
  return part();
}

function pass(pause: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pause));
}
