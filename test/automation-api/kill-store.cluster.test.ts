import { afterAll, beforeAll, expect, it } from "vitest";
import { bringUpStore, configOf } from "../../automation-api/bring-up-store.ts";
import { loopbackFetch } from "../../automation-api/loopback-fetch.ts";
import { parseSpec } from "../../stores/spec.ts";
import { processesOfRun, runAndKill } from "../helpers/kill-run.ts";
import { leftovers } from "../helpers/kubectl.ts";
import { type Machine, takeMachine } from "../helpers/machine.ts";
import { testStoreName } from "../helpers/names.ts";

// What kill.cluster.test.ts does many times to a small program, twice each way to a whole store.

let machine: Machine;
const name = testStoreName("kill");
const spec = parseSpec({ name, engine: "medusa", plan: "basic" });

beforeAll(async () => {
  machine = await takeMachine();
});
afterAll(() => machine?.release());

const up = () => bringUpStore({ runner: machine.runner, request: loopbackFetch }, spec, machine.target);
const destroy = () => machine.runner.destroy(name);

/** Kills the run at a random moment of its first seconds, all of which every such run takes. */
async function killed(what: string, work: () => Promise<unknown>, withinSeconds: number): Promise<void> {
  const milliseconds = Math.round(300 + Math.random() * withinSeconds * 1000);
  const everything = Math.random() < 0.5;
  process.stdout.write(`${what}: kill ${everything ? "everything" : "the engine"} after ${milliseconds} ms\n`);
  expect(await runAndKill(name, work, { milliseconds, everything })).toBe(true);
}

it("a store whose creation was killed twice sells in the end", async () => {
  await killed("up", up, 14);
  await killed("up again", up, 7);

  const store = await up();

  expect(store.proof?.order).toMatch(/^#\d+$/);
  expect(Object.keys(await machine.runner.preview(name, configOf(spec, machine.target)))).toEqual(["same"]);
  expect(processesOfRun(name)).toEqual([]);
});

it("a store whose removal was killed twice leaves nothing behind", async () => {
  await killed("destroy", destroy, 5);
  await killed("destroy again", destroy, 4);

  await destroy();

  expect(await leftovers(machine, name)).toEqual([]);
  expect(await machine.runner.list()).not.toContain(name);
  expect(processesOfRun(name)).toEqual([]);
});
