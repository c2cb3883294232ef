import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { acceptedSchema } from "../../automation-api/contract/store.ts";
import { type Connection, connect } from "../../automation-api/database/connection.ts";
import { runningProcesses } from "../../automation-api/worker/left-processes.ts";
import { ensureDatabase, stopDatabase } from "../../toolchain/database/database.ts";
import { repositoryRoot, resolvePaths } from "../../toolchain/lib/paths.ts";
import { type ApiSession, openSession } from "../../toolchain/service/api-session.ts";
import { serviceEnvironment } from "../../toolchain/service/environment.ts";
import { newSignInLink } from "../../toolchain/service/sign-in.ts";
import { type Fleet, type FleetOptions, type FleetVersion, startFleet } from "./fleet.ts";
import { freePort } from "./free-port.ts";
import { kubectl } from "./kubectl.ts";
import { liftLimits } from "./lift-limits.ts";
import { type Machine, takeMachine } from "./machine.ts";
import { surely } from "./surely.ts";

/** The service as processes of its own, which are started again when they die, with stores that have no pods. */
export interface SmallFleet {
  readonly machine: Machine;
  readonly fleet: Fleet;
  readonly connection: Connection;
  readonly databaseUrl: string;
  readonly session: ApiSession;
  /** Folder in which points are armed; see `automation-api/faults.ts`. */
  readonly faults: string;
  readonly workFolders: string;
  /** Folder with the log of each process. */
  readonly logs: string;
  /** Each asks until it is answered, and gives the operation. A store without a cluster is made in the home cluster. */
  create(name: string, cluster?: string): Promise<string>;
  remove(name: string): Promise<string>;
  /** What is left of stores in the cluster, Pulumi's state, the work folders, the list of processes and the database. */
  leftovers(names: readonly string[], operations: readonly string[]): Promise<typeof NOTHING>;
  stop(): Promise<void>;
}

export interface SmallFleetOptions {
  readonly leaseSeconds: number;
  readonly parts?: FleetOptions["parts"];
  /** Where the service reaches the cluster, when not where it is. */
  readonly kubeconfig?: (machine: Machine) => Promise<string>;
  readonly environment?: Readonly<Record<string, string>>;
  /** What some parts are given besides. */
  readonly extras?: FleetOptions["extras"];
  /** What plays all parts in the beginning. Default: this checkout */
  readonly version?: (machine: Machine) => Promise<FleetVersion>;
}

/** What {@link SmallFleet.leftovers} gives when all is well. */
export const NOTHING = {
  namespaces: [] as string[],
  volumes: [] as string[],
  releases: [] as string[],
  stacks: [] as string[],
  locks: [] as string[],
  folders: [] as string[],
  processes: [] as unknown[],
  leases: [] as unknown[],
};

/** Folder of the program that makes these stores. */
export const smallProgram = join(repositoryRoot, "test", "automation-api", "kill-matrix", "program");

export async function startSmallFleet(options: SmallFleetOptions): Promise<SmallFleet> {
  const machine = await takeMachine();
  const { pulumi, helm, folder } = machine;
  const environment = {
    ...machine.context.environment,
    STOREFLEET_HOME: join(folder, "service"),
    STOREFLEET_PORT: await freePort(),
    DATABASE_URL: undefined,
  };
  const paths = { ...resolvePaths(environment), state: machine.context.paths.state };
  const context = { ...machine.context, environment, paths };
  const database = await ensureDatabase(context);
  mkdirSync(paths.work, { recursive: true });
  const faults = join(folder, "faults");
  mkdirSync(faults);
  const cluster = { ...machine.cluster, ...(options.kubeconfig && { kubeconfig: await options.kubeconfig(machine) }) };
  const fleet = startFleet({
    parts: options.parts ?? { api: "api", worker1: "worker", worker2: "worker" },
    ...(options.version && { version: await options.version(machine) }),
    ...(options.extras && { extras: options.extras }),
    environment: {
      ...serviceEnvironment(context, { pulumi, cluster, helm, database, dashboard: "" }),
      STOREFLEET_STORE_PROGRAM: smallProgram,
      STOREFLEET_LEASE_SECONDS: String(options.leaseSeconds),
      STOREFLEET_CONCURRENCY: "4",
      STOREFLEET_WORK: paths.work,
      STOREFLEET_FAULTS: faults,
      ...options.environment,
    },
    logs: folder,
  });
  const connection = connect(database.url);
  const origin = `http://localhost:${environment.STOREFLEET_PORT}`;
  await surely(async () => {
    if (!(await fetch(`${origin}/readyz`)).ok) throw new Error("not yet");
  });
  await liftLimits(connection);
  const session = await openSession(await newSignInLink(database.url, origin));
  return {
    machine,
    fleet,
    connection,
    databaseUrl: database.url,
    session,
    faults,
    workFolders: paths.work,
    logs: folder,
    async create(name, cluster) {
      const key = randomUUID();
      const body = { name, engine: "medusa", sampleData: false, ...(cluster && { cluster }) };
      return acceptedSchema.parse(await surely(() => session.post("/stores", body, key))).operation.id;
    },
    remove: async (name) => acceptedSchema.parse(await surely(() => session.delete(`/stores/${name}`))).operation.id,
    leftovers: (names, operations) => leftovers({ machine, connection, workFolders: paths.work }, names, operations),
    async stop() {
      await fleet.stop();
      await connection.close();
      await stopDatabase(context);
      await machine.release();
    },
  };
}

/** With one worker, and with a key by which it can seal the ways to other clusters. */
export function startFleetForClusters(): Promise<SmallFleet> {
  return startSmallFleet({
    leaseSeconds: 10,
    parts: { api: "api", worker: "worker" },
    environment: { STOREFLEET_SIGNING_KEY: "a key of this proof, for nothing else" },
  });
}

function locks(machine: Machine): string[] {
  const folder = join(new URL(machine.pulumi.environment.PULUMI_BACKEND_URL ?? "").pathname, ".pulumi", "locks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
}

async function leftovers(
  { machine, connection, workFolders }: Pick<SmallFleet, "machine" | "connection" | "workFolders">,
  names: readonly string[],
  operations: readonly string[],
): Promise<typeof NOTHING> {
  const ofNames = (text: string) => text.split("\n").filter((line) => names.some((name) => line.includes(name)));
  const columns = "custom-columns=NAME:.metadata.name,NAMESPACE:.spec.claimRef.namespace";
  return {
    namespaces: ofNames(await kubectl(machine, "get", "namespaces", "-o", "name")),
    volumes: ofNames(await kubectl(machine, "get", "persistentvolumes", "-o", columns)),
    releases: ofNames(await kubectl(machine, "get", "secrets", "-A", "-l", "owner=helm", "--no-headers")),
    stacks: (await machine.runner.list()).filter((stack) => names.includes(stack)),
    locks: locks(machine),
    folders: readdirSync(workFolders).filter((folder) => names.includes(folder)),
    processes: runningProcesses().filter(({ operation }) => operations.includes(operation)),
    leases: await connection.database.selectFrom("storeLeases").selectAll().where("workerId", "is not", null).execute(),
  };
}
