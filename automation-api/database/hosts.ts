import { Client } from "pg";

// An address may name several servers, as in postgres://user:password@one:5432,two:5432/storefleet, of which one takes
// writes at a time. libpq finds that one by itself; the library that we use knows a single host.

/** How long a server may take to say whether it takes writes, in milliseconds. One that swallows packets never does. */
const PATIENCE = 2000;

type Connected = (error: Error | null, client: Client) => void;

/** No server of an address takes writes now. Its code is PostgreSQL's for a database that is only read. */
class NoPrimary extends Error {
  override readonly name = "NoPrimary";
  readonly code = "25006";
}

/** The addresses of each server that an address names, in its order. */
export function addressesOf(url: string): readonly string[] {
  const [, before, hosts, after] = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? [];
  if (before === undefined || hosts === undefined || after === undefined) return [url];
  // Which server is meant is ours to find, always the one that takes writes.
  const rest = after.replace(/([?&])target_session_attrs=[^&]*&?/, "$1").replace(/[?&]$/, "");
  return hosts.split(",").map((host) => `${before}${host}${rest}`);
}

/** The number of a primary's timeline, which is one higher with every promotion; `undefined` for a server that is only read. */
async function timelineOf(address: string, patience: number): Promise<number | undefined> {
  const client = new Client({ connectionString: address, connectionTimeoutMillis: patience, query_timeout: patience });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ timeline: string | null }>(
      "select case when not pg_is_in_recovery() then substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end as timeline",
    );
    const timeline = rows[0]?.timeline;
    return timeline ? Number.parseInt(timeline, 16) : undefined;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * The address of the server that takes writes. Of several that say so, the one that was promoted last: an old primary that
 * comes back after it was replaced knows nothing of what happened since. Throws while there is none.
 */
export async function findPrimary(addresses: readonly string[], patience: number = PATIENCE): Promise<string> {
  const asked = await Promise.allSettled(addresses.map((address) => timelineOf(address, patience)));
  const primaries = addresses.flatMap((address, index) => {
    const answer = asked[index];
    return answer?.status === "fulfilled" && answer.value !== undefined ? [{ address, timeline: answer.value }] : [];
  });
  const [first] = primaries.toSorted((one, other) => other.timeline - one.timeline);
  if (first !== undefined) return first.address;
  const causes = asked.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  throw new NoPrimary(`None of ${addresses.length} database servers takes writes now.`, {
    cause: new AggregateError(causes),
  });
}

/** Several that connect at the same time ask once. */
function askedTogether(find: () => Promise<string>): () => Promise<string> {
  let asking: Promise<string> | undefined;
  return () => {
    asking ??= find().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

/** A kind of client that, each time one connects, goes to whichever server takes writes then. */
export function clientOf(addresses: readonly string[], patience: number = PATIENCE): typeof Client {
  const find = askedTogether(() => findPrimary(addresses, patience));
  return class extends Client {
    override connect(): Promise<Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<Client> | undefined {
      const placed = find().then((address) => {
        const { host, port } = new Client({ connectionString: address });
        Object.assign(this, { host, port });
      });
      if (callback === undefined) return placed.then(() => super.connect());
      placed.then(
        () => super.connect(callback),
        (error: Error) => callback(error, this),
      );
      return undefined;
    }
  };
}
