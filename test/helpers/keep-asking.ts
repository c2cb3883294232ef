import { setTimeout as sleep } from "node:timers/promises";

/** Asks one thing after the other, ten times a second at most, until told to end; then how many were not answered well. */
export function keepAsking<T>(things: readonly T[], ask: (thing: T) => Promise<unknown>) {
  const answers: boolean[] = [];
  let isOver = false;
  const asking = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const [thing] = things.slice(turn % things.length);
      if (thing === undefined) return;
      answers.push(await ask(thing).then(Boolean, () => false));
      await sleep(100);
    }
  })();
  return async () => {
    isOver = true;
    await asking;
    return { sent: answers.length, lost: answers.filter((well) => !well).length };
  };
}
