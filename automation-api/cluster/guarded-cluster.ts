import { CircuitOpen, createCircuit } from "../circuit.ts";
import { type ApiServer, ClusterUnreachable, connectToCluster } from "./api-server.ts";
import type { ClusterAddress } from "./kubeconfig.ts";

/** How long any one answer may take, in milliseconds; who asks may be less patient. */
const PATIENCE = 30_000;

/** Somebody who asked does not want to know any more; that says nothing about the cluster. */
class NotWanted extends Error {
  override readonly name = "NotWanted";
}

export interface GuardedClusterOptions {
  readonly connect?: typeof connectToCluster;
  /** Milliseconds until a cluster that did not answer is asked again. Default 5000. */
  readonly pause?: number;
}

/**
 * The cluster's API behind a circuit breaker: when it did not answer several times in a row, whoever asks is told so at
 * once instead of after a time-out. A kubeconfig is read again after every failure: the cluster may have been made anew.
 */
export function guardedCluster(address: ClusterAddress, options: GuardedClusterOptions = {}): ApiServer {
  const { connect = connectToCluster, pause } = options;
  return guarded(() => connect(address), pause);
}

/**
 * The same, however one gets there.
 * @param pause milliseconds until a cluster that did not answer is asked again. Default 5000
 */
export function guarded(connect: () => Promise<ApiServer>, pause?: number): ApiServer {
  const counts = (error: unknown) => !(error instanceof NotWanted);
  const circuit = createCircuit({ counts, ...(pause !== undefined && { pause }) });
  let connected: Promise<ApiServer> | undefined;

  async function asked(work: (server: ApiServer) => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
    connected ??= connect();
    const current = connected;
    try {
      return await work(await current);
    } catch (cause) {
      const isUnwanted = signal.aborted && signal.reason?.name !== "TimeoutError";
      if (isUnwanted) throw new NotWanted("Nobody waits for the answer any more.", { cause });
      if (connected === current) connected = undefined;
      await current.then((server) => server.close()).catch(() => {});
      throw cause instanceof ClusterUnreachable ? cause : unreachable(cause);
    }
  }

  return {
    async get(path, signal, form) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      try {
        return await circuit.run(() => asked((server) => server.get(path, limited, form), signal));
      } catch (error) {
        if (error instanceof NotWanted) throw unreachable(error.cause);
        throw error instanceof CircuitOpen ? unreachable(error) : error;
      }
    },
    // Whoever follows takes breaks by themselves, and a stream that ends is no failure.
    async *follow(path, signal) {
      connected ??= connect();
      yield* (await connected).follow(path, signal);
    },
    // Whoever changes something takes care of a refusal: it is asked once, and counts for nothing.
    async post(path, object, signal) {
      connected ??= connect();
      return await (await connected).post(path, object, signal);
    },
    async put(path, object, signal) {
      connected ??= connect();
      await (await connected).put(path, object, signal);
    },
    async remove(path, options, signal) {
      connected ??= connect();
      await (await connected).remove(path, options, signal);
    },
    close: () => void connected?.then((server) => server.close()).catch(() => {}),
  };
}

function unreachable(cause: unknown): ClusterUnreachable {
  return cause instanceof ClusterUnreachable
    ? cause
    : new ClusterUnreachable("The cluster does not answer.", { cause });
}
