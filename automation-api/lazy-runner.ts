import { once } from "./once.ts";
import type { StackRunner } from "./stack-runner.ts";

/**
 * A runner that is made when the first stack needs it. What it stands on, the Automation API, takes 90 MB and half a second
 * to load: too much for a service that waits. One that could not be made is tried again at the next call.
 */
export function lazyRunner(make: () => Promise<StackRunner>): StackRunner {
  const runner = once(make);
  return {
    up: async (...given) => (await runner()).up(...given),
    preview: async (...given) => (await runner()).preview(...given),
    refresh: async (...given) => (await runner()).refresh(...given),
    destroy: async (...given) => (await runner()).destroy(...given),
    unlock: async (...given) => (await runner()).unlock(...given),
    keepCopy: async (...given) => (await runner()).keepCopy(...given),
    outputs: async (...given) => (await runner()).outputs(...given),
    readSecretOutput: async (...given) => (await runner()).readSecretOutput(...given),
    resources: async (...given) => (await runner()).resources(...given),
    list: async () => (await runner()).list(),
  };
}
