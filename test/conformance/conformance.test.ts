import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCluster } from "./cluster.ts";
import { differences } from "./differences.ts";
import { type EngineUnderTest, findRealCli, offlineEngine, repositoryRoot } from "./engine-under-test.ts";
import { Normaliser } from "./normalise.ts";
import { type Recording, readRecordings } from "./recording.ts";
import { type Outcome, type Place, runStep } from "./run-step.ts";

const recordings = readRecordings();
const real = findRealCli();
const engines: EngineUnderTest[] = "missing" in real ? [offlineEngine] : [offlineEngine, real];
if ("missing" in real) console.info(`The recordings are held to the offline engine alone: ${real.missing}.`);

const cluster = await findCluster();
if ("missing" in cluster) console.info(`Steps that need a cluster are left out: ${cluster.missing}.`);

describe.each(engines)("$name", (engine) => {
  const place = makePlace();
  const normaliser = new Normaliser({
    programs: place.programs,
    state: place.state,
    root: repositoryRoot,
    host: hostname(),
    user: userInfo().username,
  });
  beforeAll(() => ("missing" in cluster ? undefined : cluster.clean()));
  afterAll(() => rmSync(place.folder, { recursive: true, force: true }));

  for (const [id, recording] of recordings) {
    const comparable = !needsCluster(id, recording) || !("missing" in cluster);
    const runs = comparable || id === "055-failing-up-resource";
    it.runIf(runs)(`${id}: pulumi ${recording.arguments.join(" ")}`, async () => {
      if (!("missing" in cluster)) await cluster.before(id);
      const outcome = await runStep(id, recording, engine, place, normaliser);
      if (!comparable) return;
      const { title: _title, program, arguments: _arguments, note: _note, ...recorded } = recording;
      expect(forgiving(id, engine, outcome, program)).toEqual(forgiving(id, engine, recorded, program));
    });
  }
});

/** Leaves out the files of other programs, and for the offline engine what is listed as different. */
function forgiving(id: string, engine: EngineUnderTest, outcome: Outcome, program: string): Outcome {
  const ours = (file: string) => file.includes(`/${program}/`) || file.includes("/meta.yaml");
  const own = outcome.files === undefined ? outcome : { ...outcome, files: outcome.files.filter(ours) };
  if (engine !== offlineEngine) return own;
  const listed = differences.filter(({ steps }) => steps === undefined || steps.test(id));
  return listed.reduce((result, { without }) => without(result), own);
}

function needsCluster(id: string, { program }: Recording): boolean {
  return program === "store" || id === "055-failing-up-resource";
}

function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "storefleet-conformance-"));
  const [programs, state] = [join(folder, "programs"), join(folder, "state")];
  mkdirSync(state);
  cpSync(join(import.meta.dirname, "programs"), programs, { recursive: true });
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _file, PULUMI_STACK: _stack, ...inherited } = process.env;
  const environment = {
    ...inherited,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "correct horse",
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  if (!existsSync(programs)) throw new Error("the programs were not copied");
  return { folder, programs, state, environment };
}
