import type { PostgresPool } from "kysely";
import type { Pool, PoolClient } from "pg";

/** How often a statement is asked before its plan is remembered, and how many are, for each connection. */
const OFTEN = 5;
const MOST = 100;

/**
 * The pool, for statements that are asked again and again: PostgreSQL is told to remember them, and neither reads nor plans
 * them anew each time, which takes longer than most of them themselves.
 */
export function rememberingPool(pool: Pool): PostgresPool {
  const nameOf = createNames();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => clientOf(await pool.connect(), nameOf),
  };
}

function clientOf(client: PoolClient, nameOf: Names): PoolClient {
  const query = (text: string, values: readonly unknown[]) => {
    const name = values.length === 0 ? undefined : nameOf(text);
    return client.query({ text, values: [...values], ...(name !== undefined && { name }) });
  };
  return new Proxy(client, {
    get(target, key) {
      if (key === "query") return query;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** What a statement is called; `undefined` for one that is not worth it. */
type Names = (text: string) => string | undefined;

/** Statements whose text differs with what is asked are forgotten before they fill the memory. */
function createNames(): Names {
  const names = new Map<string, string>();
  const asked = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST || takesAll(text)) return known;
    const times = (asked.get(text) ?? 0) + 1;
    if (times < OFTEN) {
      if (asked.size >= 10 * MOST) asked.clear();
      asked.set(text, times);
      return undefined;
    }
    asked.delete(text);
    const name = `storefleet-${names.size}`;
    names.set(text, name);
    return name;
  };
}

/** `select *` means other columns once a newer version has added one, and then PostgreSQL refuses what it remembers. */
function takesAll(text: string): boolean {
  return /\*(?!\))/.test(text);
}
