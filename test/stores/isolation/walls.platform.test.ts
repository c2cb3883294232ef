import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bringUpStore } from "../../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../../automation-api/loopback-fetch.ts";
import { selectorOf } from "../../../infra/names.ts";
import { namespaceOf } from "../../../stores/names.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import { testStoreName } from "../../helpers/names.ts";
import { beginStory, type PlatformStory } from "../../helpers/platform-story.ts";
import { hasWooCommerce } from "../../helpers/woocommerce-zip.ts";
import { networkAgent } from "./agent.ts";
import { analyse, type Policy, type Table } from "./cyclonus.ts";
import { flowsIn, listedFlows } from "./flows.ts";
import { policiesOfPlatform, policiesOfStore, strayPolicies } from "./manifests.ts";
import { compare, measure } from "./measure.ts";
import { closeOutside, openOutside } from "./outside.ts";
import { startProbe } from "./probe-pod.ts";
import { tryUntil } from "./steadily.ts";
import { findWorld, type Goal, goalsFor, type Source, type World } from "./world.ts";

// Three stores beside the control plane: who may reach whom, worked out by somebody else from what the programs declare, and
// who does, by real connections from inside of every pod.

const specs = [
  parseSpec({ name: testStoreName("basic"), engine: "medusa", plan: "basic", sampleData: false }),
  parseSpec({ name: testStoreName("more"), engine: "medusa", plan: "standard", sampleData: false }),
  hasWooCommerce()
    ? parseSpec({ name: testStoreName("woo"), engine: "woocommerce", plan: "basic", sampleData: false })
    : parseSpec({ name: testStoreName("most"), engine: "medusa", plan: "premium", sampleData: false }),
];
const stores = specs.map(({ name }) => namespaceOf(name));
const [basic = "", , third = ""] = stores;
const open = testStoreName("open");

let story: PlatformStory;
let policies: Policy[];
let world: World;
let expected: Table;

const isNative = () => story.machine.cluster.kind === "native";

/** Pods that are there for moments only, by others that wait with their labels; and some that no program knows. */
async function startOthers(): Promise<void> {
  const { machine, platform } = story;
  const { namespace } = platform;
  await kubectl(machine, "create", "namespace", open);
  const cron = hasWooCommerce() ? { "app.kubernetes.io/component": "cron" } : {};
  await Promise.all([
    startProbe(machine, { name: "walls-operation", namespace, labels: selectorOf("operation") }),
    startProbe(machine, { name: "walls-migration", namespace, labels: selectorOf("migration") }),
    startProbe(machine, { name: "walls-cron", namespace: third, labels: cron }),
    startProbe(machine, { name: "walls-stray", namespace: basic }),
    startProbe(machine, { name: "free", namespace: open, image: machine.image("medusa") }),
  ]);
}

/** Looks at the cluster as it is now, has the table worked out, and measures it. */
async function measureAll() {
  const { machine, platform } = story;
  world = await findWorld(machine, { platform: platform.namespace, stores, open });
  expected = await analyse(machine, policies, world);
  const measured = await measure(machine, world);
  const cells = world.sources.reduce((sum, source) => sum + goalsFor(source, world.goals).length, 0);
  const reached = [...measured.values()].reduce((sum, goals) => sum + goals.size, 0);
  const found = await compare(machine, measured, expected);
  process.stdout.write(
    `${world.sources.length} pods, ${cells} cells, ${reached} reached, ${found.through.length} through a wall, ${found.cut.length} cut off\n`,
  );
  return { ...found, cells };
}

/** What is no pod's own address and denied to a pod: Services, the API server, the node and what is outside. */
function deniedTo(source: Source): Goal[] {
  const allowed = expected.get(source);
  return goalsFor(source, world.goals).filter((goal) => {
    const isPod = goal.ends.some(({ end }) => end.namespace !== undefined && end.address === goal.address);
    return !isPod && goal.protocol !== "UDP" && !allowed?.has(goal);
  });
}

beforeAll(async () => {
  story = await beginStory();
  const { machine } = story;
  if (!isNative()) return;
  await openOutside();
  const dependencies = { runner: machine.runner, request: loopbackFetch };
  await Promise.all(specs.map((spec) => bringUpStore(dependencies, spec, machine.target)));
  await startOthers();
  const declared = [await policiesOfPlatform(machine)];
  for (const spec of specs) declared.push(await policiesOfStore(spec, machine));
  policies = declared.flat();
});
afterAll(async () => {
  if (story === undefined || !isNative()) return;
  await closeOutside();
  const { machine, platform } = story;
  await kubectl(machine, "delete", "namespace", open, "--ignore-not-found", "--wait=false");
  await platform.kubectl("delete", "pod", "walls-operation", "walls-migration", "--ignore-not-found", "--now");
  await Promise.all(specs.map(({ name }) => machine.runner.destroy(name)));
});

beforeEach(({ skip }) => skip(!isNative(), "only the native cluster has its node, and its outside, on this machine"));

describe("the walls of three stores and of the control plane", () => {
  it("are in the cluster as the programs declare them, and there are no others", async () => {
    expect(await strayPolicies(story.machine, policies)).toEqual([]);
  });

  it("let through what real connections find, cell by cell", async () => {
    const { through, cut, cells } = await measureAll();

    expect({ through, cut }).toEqual({ through: [], cut: [] });
    expect(cells).toBeGreaterThan(5000);
  });

  it("stand around pods that have no token of the cluster, whichever engine they are of", async () => {
    const pods = world.sources.filter(({ isStore, pod }) => isStore && !pod.startsWith("walls-"));
    const look = "test -e /var/run/secrets/kubernetes.io && echo token || echo none";

    const found = await Promise.all(
      pods.map(({ pod, namespace }) =>
        kubectl(story.machine, "exec", "--namespace", namespace, pod, "--", "sh", "-c", look),
      ),
    );

    expect(new Set(found.map((said) => said.trim()))).toEqual(new Set(["none"]));
    expect(new Set(pods.map(({ namespace }) => namespace))).toEqual(new Set(stores));
  });

  it("let through the flows that are listed, and nothing else", () => {
    const { open: _withoutWalls, ...found } = flowsIn(expected);

    expect(found).toEqual(listedFlows(Object.keys(found)));
    expect(Object.keys(found).sort()).toEqual(
      expect.arrayContaining(["medusa", "platform operation", "postgres", "stray"]),
    );
  });

  it("hold while the network's agent is away, while it comes back, and afterwards", async () => {
    const { machine } = story;
    const agent = await networkAgent(machine);
    let isBack = false;
    const watchers = world.sources.filter(({ by, namespace }) => by === "node" && namespace !== open);
    const watches = watchers.map((source) => tryUntil(machine, source, deniedTo(source), () => isBack));
    await agent.stop();
    const away = await measureAll().finally(agent.start);
    const begin = performance.now();
    // A new pod is the proof that the agent works again: it gets its address from there.
    await startProbe(machine, { name: "again", namespace: open });
    const seconds = (performance.now() - begin) / 1000;
    isBack = true;
    const watched = await Promise.all(watches);

    const tries = watched.reduce((sum, watch) => sum + watch.tries, 0);
    process.stdout.write(`the agent was back after ${seconds.toFixed(1)} s; ${tries} tries meanwhile\n`);
    expect(watched.flatMap(({ through }) => through)).toEqual([]);
    expect(tries).toBeGreaterThan(1000);
    expect(away).toMatchObject({ through: [], cut: [] });
    expect(await measureAll()).toMatchObject({ through: [], cut: [] });
  });
});
