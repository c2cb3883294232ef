import type { StackEvent } from "../../automation-api/stack-runner.ts";
import { kubectl } from "../helpers/kubectl.ts";
import type { Machine } from "../helpers/machine.ts";

/** Where the seconds of one creation went. They follow one another, so they add up to about the whole. */
export interface Shares {
  /** Everything Pulumi does besides waiting for the release. */
  readonly pulumi: number;
  /** From the release's start until the set-up container starts: Helm, scheduling, the network of the pods. */
  readonly cluster: number;
  /** From the set-up container's start until the database answers it. */
  readonly database: number;
  /** Migration, seed and admin user. */
  readonly migration: number;
  /** From the start of the Medusa server until the release is ready. */
  readonly server: number;
  /** The checkout proof: first answers of a cold store. */
  readonly firstAnswer: number;
}

/** Remembers when the release began and ended. */
export function createReleaseTimer() {
  let started: number | undefined;
  let finished: number | undefined;
  return {
    onEvent(event: StackEvent): void {
      if (event.kind !== "resource" || !event.type.endsWith(":Release")) return;
      if (event.phase === "started") started ??= Date.now();
      else finished = Date.now();
    },
    times: () => ({ started: started ?? Number.NaN, finished: finished ?? Number.NaN }),
  };
}

interface PodStatus {
  readonly metadata: { labels: Record<string, string> };
  readonly status: {
    conditions: { type: string; lastTransitionTime: string }[];
    initContainerStatuses?: { state: { terminated?: { startedAt: string; finishedAt: string } } }[];
  };
}

/** Splits a creation into shares from the cluster's own time stamps, which are whole seconds. */
export async function sharesOf(
  machine: Machine,
  store: string,
  release: { started: number; finished: number },
  seconds: { up: number; proof: number },
): Promise<Shares> {
  const { items }: { items: PodStatus[] } = JSON.parse(
    await kubectl(machine, "get", "pods", "-n", `store-${store}`, "-o", "json"),
  );
  const component = (name: string) =>
    items.find((pod) => pod.metadata.labels["app.kubernetes.io/component"] === name)?.status;
  const setup = component("medusa")?.initContainerStatuses?.[0]?.state.terminated;
  const databaseReady = component("postgres")?.conditions.find(({ type }) => type === "Ready")?.lastTransitionTime;
  const between = (from: number, to: number) => Math.max(0, (to - from) / 1000);
  const setupStarted = Date.parse(setup?.startedAt ?? "");
  const setupFinished = Date.parse(setup?.finishedAt ?? "");
  const database = Math.max(setupStarted, Date.parse(databaseReady ?? ""));
  return {
    pulumi: seconds.up - between(release.started, release.finished),
    cluster: between(release.started, setupStarted),
    database: between(setupStarted, database),
    migration: between(database, setupFinished),
    server: between(setupFinished, release.finished),
    firstAnswer: seconds.proof,
  };
}
