// The pod of one operation: runs one command of Pulumi as STOREFLEET_RUN says, tells what happens as lines of JSON, and ends.
import { connectToCluster } from "./cluster/api-server.ts";
import { hostGone } from "./cluster/operation-pods.ts";
import { readPodConfig } from "./pod-config.ts";
import { type PodLine, runHere } from "./pod-run.ts";
import { StackError } from "./stack-runner.ts";
import { createStoreRunner } from "./store-runner.ts";

const tell = (line: PodLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

const stopping = new AbortController();
// Kubernetes asks first and kills after the grace period: Pulumi finishes what it is doing and saves its state.
process.on("SIGTERM", () => stopping.abort(new Error("The pod is being stopped.")));

const { run, operation, fencing, namespace, runnerOptions, cluster } = readPodConfig();
try {
  const runner = await createStoreRunner({
    ...runnerOptions,
    isHostGone: async (name) => {
      const server = await connectToCluster(runnerOptions);
      return hostGone(server, namespace, name).finally(server.close);
    },
  });
  const result = await runHere(runner, run, {
    onEvent: (event) => tell({ event }),
    signal: stopping.signal,
    operation,
    ...(cluster && { cluster }),
    // The worker asked for its right before it made this pod, and whoever follows it ends the pod first.
    lease: { fencing, check: async () => {} },
  });
  tell({ result: result ?? null });
} catch (error) {
  const known = error instanceof StackError;
  const message = error instanceof Error ? error.message : String(error);
  tell({ error: { kind: known ? error.kind : "failed", message } });
}
