import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { type TestCluster, takeCluster } from "../helpers/cluster.ts";
import { dryRun } from "../helpers/dry-run.ts";
import { runPlatformProgram } from "../helpers/store-program.ts";

let machine: TestCluster;
beforeAll(async () => {
  machine = await takeCluster([]);
});

const root = join(import.meta.dirname, "..", "..");
const images = {
  apiImage: "localhost/storefleet/api:1",
  workerImage: "localhost/storefleet/worker:1",
  databaseImage: "localhost/storefleet/postgres:1",
};
/** What an example leaves to a person, because it is secret. */
const secrets: Readonly<Record<string, Record<string, string>>> = {
  production: { databaseUrl: "postgres://fleet:hidden@database.example.com/storefleet" },
};

/** Kinds that a cluster has to be taught first; charts are no objects at all. */
const TAUGHT = /^kubernetes:(helm\.sh|cert-manager\.io|traefik\.io|monitoring\.coreos\.com)\//;

// Nothing is made: the API server checks each object as if it was, fields it does not know and admission included.
it.each(["local", "vps", "production"])("the API server takes every object of Pulumi.%s.yaml", async (stack) => {
  const { config }: { config: Record<string, unknown> } = parse(
    readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8"),
  );
  const given = Object.entries(config).map(([key, value]) => [
    key.replace("platform:", ""),
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  // In a namespace that every cluster has; the platform's own does not exist.
  const settings = { ...images, ...secrets[stack], ...Object.fromEntries(given), namespace: "default" };

  const { resources } = await runPlatformProgram(stack, settings);
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !TAUGHT.test(type))
    .map(({ shown }) => shown);
  const taken = await dryRun(
    machine,
    objects.filter(({ kind }) => kind !== "Namespace"),
  );

  expect(taken.length).toBeGreaterThan(20);
});
