import { setTimeout as sleep } from "node:timers/promises";
import { ApiProblem } from "../../toolchain/service/api-session.ts";

/** Does a request until it is answered: the API dies now and then, and says so when it is asked for too much at once. */
export async function surely<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      const isRefused = error instanceof ApiProblem && error.problem.status !== 503;
      if (isRefused || tries > 600) throw error;
      await sleep(100);
    }
  }
}
