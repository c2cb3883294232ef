import { ApiProblem, type ApiSession } from "../../toolchain/service/api-session.ts";

/** Asks one API and, when it does not answer, the other, as an ingress would; a request that neither takes is lost. */
export async function askEither<T>(
  sessions: readonly ApiSession[],
  request: (session: ApiSession) => Promise<T>,
): Promise<T> {
  const [one, other] = Math.random() < 0.5 ? sessions : sessions.toReversed();
  if (one === undefined || other === undefined) throw new Error("There are not two to ask.");
  try {
    return await request(one);
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.status !== 503) throw error;
    return request(other);
  }
}
