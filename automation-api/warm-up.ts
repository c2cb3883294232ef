// warm-up.ts api|worker: loads what that role runs, and ends. Run while an image is built, with NODE_COMPILE_CACHE set, so
// that no start of a container has to strip types and compile.
import "./config.ts";
import "./database/connection.ts";
import "./database/migrate.ts";
import "./logger.ts";

const roles: Readonly<Record<string, () => Promise<unknown>>> = {
  api: () =>
    Promise.all([
      import("./api-process.ts"),
      import("./cluster/credentials-reader.ts"),
      import("./cluster/inspect-cluster.ts"),
    ]),
  worker: () =>
    Promise.all([import("./worker-process.ts"), import("./store-runner.ts"), import("./pod-stack-runner.ts")]),
};

const role = process.argv[2] ?? "";
const load = roles[role];
if (load === undefined) throw new Error(`"${role}" is no role; give one of: ${Object.keys(roles).join(", ")}.`);
await load();
