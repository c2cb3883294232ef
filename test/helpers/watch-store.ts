import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";

/** Asks the storefront four times a second until it is told to stop; seconds in which it did not answer well. */
export function watchStore(url: string): { longestOutage(): Promise<number> } {
  const answers: { at: number; well: boolean }[] = [];
  const ask = async () => {
    const at = performance.now();
    const signal = AbortSignal.timeout(10_000);
    const well = await loopbackFetch(url, { signal }).then(
      ({ status }) => status === 200,
      () => false,
    );
    answers.push({ at, well });
  };
  const asked: Promise<void>[] = [];
  const timer = setInterval(() => asked.push(ask()), 250);
  return {
    async longestOutage() {
      clearInterval(timer);
      await Promise.all(asked);
      let longest = 0;
      let since: number | undefined;
      for (const { at, well } of answers.sort((one, other) => one.at - other.at)) {
        since = well ? undefined : (since ?? at);
        if (since !== undefined) longest = Math.max(longest, (at - since) / 1000);
      }
      return longest;
    },
  };
}
