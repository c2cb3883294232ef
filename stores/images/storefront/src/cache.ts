/**
 * Keeps the answers of a slow question for a few seconds. Many askers at once share one question; an answer that has
 * just gone stale is given once more while a fresh one is fetched, so that nobody waits for it.
 */
export interface Cache<T> {
  get(key: string, ask: () => Promise<T>): Promise<T>;
}

export interface CacheOptions {
  /** How long an answer is fresh. */
  readonly seconds: number;
  /** How long after that it may still be given while a new one is on its way. Default 10 times `seconds`. */
  readonly staleSeconds?: number;
  /** Most answers kept; the oldest goes first. Default 200. */
  readonly size?: number;
  readonly now?: () => number;
}

interface Entry<T> {
  readonly at: number;
  readonly answer: T;
}

export function createCache<T>(options: CacheOptions): Cache<T> {
  const { seconds, staleSeconds = seconds * 10, size = 200, now = Date.now } = options;
  const entries = new Map<string, Entry<T>>();
  const asking = new Map<string, Promise<T>>();

  function ask(key: string, question: () => Promise<T>): Promise<T> {
    const running = asking.get(key);
    if (running) return running;
    const started = question()
      .then((answer) => {
        entries.delete(key);
        entries.set(key, { at: now(), answer });
        const [oldest] = entries.keys();
        if (entries.size > size && oldest !== undefined) entries.delete(oldest);
        return answer;
      })
      .finally(() => asking.delete(key));
    asking.set(key, started);
    return started;
  }

  return {
    async get(key, question) {
      const entry = entries.get(key);
      const age = entry ? (now() - entry.at) / 1000 : Number.POSITIVE_INFINITY;
      if (entry && age < seconds) return entry.answer;
      const fresh = ask(key, question);
      if (!entry || age >= seconds + staleSeconds) return fresh;
      // Nobody waits for this one; if it fails, the next asker after the stale time sees why.
      fresh.catch(() => undefined);
      return entry.answer;
    },
  };
}
