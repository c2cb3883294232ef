import { createServer, connect as dial, type Socket } from "node:net";

/** A way to a database that can be cut, as when its machine or the network is away. */
export interface DatabaseProxy {
  /** Address of the same database by way of the proxy. */
  readonly url: string;
  /** Breaks every connection and refuses new ones until {@link DatabaseProxy.mend}. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Begins on a loopback port; `url` names the database as PostgreSQL clients do, with a socket's folder as its host. */
export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const address = new URL(url);
  const folder = address.searchParams.get("host") ?? address.hostname;
  const port = address.searchParams.get("port") ?? (address.port || "5432");
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = folder.startsWith("/")
      ? dial({ path: `${folder}/.s.PGSQL.${port}` })
      : dial({ host: folder, port: Number(port) });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = server.address();
  const through = new URL(`postgres://127.0.0.1:${typeof own === "object" ? own?.port : 0}${address.pathname}`);
  through.username = address.username || "postgres";
  through.password = address.password;
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: through.href,
    cut() {
      isCut = true;
      breakAll();
    },
    mend() {
      isCut = false;
    },
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
