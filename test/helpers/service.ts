import { join } from "node:path";
import { connect } from "../../automation-api/database/connection.ts";
import { ensureDatabase, stopDatabase } from "../../toolchain/database/database.ts";
import { resolvePaths } from "../../toolchain/lib/paths.ts";
import { daemonPid } from "../../toolchain/lib/processes.ts";
import { type ApiSession, openSession } from "../../toolchain/service/api-session.ts";
import { ensureDashboard } from "../../toolchain/service/dashboard.ts";
import { type Role, startService, stopService } from "../../toolchain/service/service.ts";
import { newSignInLink } from "../../toolchain/service/sign-in.ts";
import { freePort } from "./free-port.ts";
import { liftLimits } from "./lift-limits.ts";
import type { Machine } from "./machine.ts";

/** The whole service for one test file: its own database, processes, port and folders. */
export interface TestService {
  readonly origin: string;
  readonly databaseUrl: string;
  /** A fresh one-time link to the dashboard. */
  signInLink(): Promise<string>;
  /** Somebody who is signed in. */
  session(): Promise<ApiSession>;
  /** The process number of a part; `undefined` while it does not live. A part that dies is started again. */
  pidOf(role: Role): number | undefined;
  /** Stops everything in the reverse order of its start. */
  stop(): Promise<void>;
}

/**
 * Starts the API, the worker and a database as `npm start` does, on the machine of the tests.
 * @param roles the parts to start. Default: both
 */
export async function startTestService(
  machine: Machine,
  roles: readonly Role[] = ["api", "worker"],
): Promise<TestService> {
  const controller = new AbortController();
  const environment = {
    ...machine.context.environment,
    STOREFLEET_HOME: join(machine.folder, "service"),
    STOREFLEET_PORT: await freePort(),
    DATABASE_URL: undefined,
  };
  const paths = { ...resolvePaths(environment), state: machine.context.paths.state };
  const context = { ...machine.context, environment, paths, signal: controller.signal };
  const database = await ensureDatabase(context);
  const { pulumi, cluster, helm } = machine;
  const dashboard = await ensureDashboard(context);
  const service = await startService(context, { pulumi, cluster, helm, database, dashboard }, roles);
  const supervision = service.supervise();
  const connection = connect(database.url);
  await liftLimits(connection).finally(connection.close);
  const signInLink = () => newSignInLink(database.url, service.origin);
  return {
    origin: service.origin,
    databaseUrl: database.url,
    signInLink,
    session: async () => openSession(await signInLink()),
    pidOf: (role) => daemonPid(paths, role),
    stop: async () => {
      controller.abort();
      await supervision;
      await stopService(context);
      await stopDatabase(context);
    },
  };
}
