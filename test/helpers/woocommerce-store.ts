import { namespaceOf } from "../../stores/names.ts";
import { kubectl } from "./kubectl.ts";
import type { Machine } from "./machine.ts";

/** A WooCommerce store of this machine, seen from inside of its pods. */
export function lookInto(machine: Machine, store: string) {
  const where = ["--namespace", namespaceOf(store)];
  return {
    /** Asks the database in its own pod, where its own user needs no password. */
    async query(sql: string): Promise<string> {
      const client = ["mariadb", "--socket=/tmp/mariadb.sock", "--skip-column-names", "shop", "-e", sql];
      return (await kubectl(machine, "exec", ...where, "mariadb-0", "--", ...client)).trim();
    },
    setupLog: () => kubectl(machine, "logs", ...where, "deployment/wordpress", "--container=setup"),
    /** Asks Redis with the store's own password, which is never part of a command line. */
    async redis(...command: string[]): Promise<string> {
      const asOwner = 'export REDISCLI_AUTH="$REDIS_PASSWORD"; exec redis-cli "$@"';
      return (
        await kubectl(machine, "exec", ...where, "deployment/redis", "--", "sh", "-c", asOwner, "sh", ...command)
      ).trim();
    },
    kubectl: (...args: string[]) => kubectl(machine, ...where, ...args),
    /** Names of a component's pods. */
    async pods(component: string): Promise<readonly string[]> {
      const ofIt = ["--selector", `app.kubernetes.io/component=${component}`, "--output", "name"];
      return (await kubectl(machine, "get", "pods", ...where, ...ofIt)).trim().split("\n");
    },
    /** Ends pods of a component and waits until others have taken their place. */
    async restart(component: string): Promise<void> {
      await kubectl(machine, "delete", ...where, "pods", `--selector=app.kubernetes.io/component=${component}`);
      await kubectl(machine, "rollout", "status", ...where, `deployment/${component}`, "--timeout=90s");
    },
  };
}
