import { connect as dial } from "node:net";
import { type TcpProxy, tcpProxy } from "./tcp-proxy.ts";

/** A way to a database that can be cut, as when its machine or the network is away. */
export interface DatabaseProxy extends TcpProxy {
  /** Address of the same database by way of the proxy. */
  readonly url: string;
}

/** Begins on a loopback port; `url` names the database as PostgreSQL clients do, with a socket's folder as its host. */
export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const address = new URL(url);
  const folder = address.searchParams.get("host") ?? address.hostname;
  const port = address.searchParams.get("port") ?? (address.port || "5432");
  const proxy = await tcpProxy(() =>
    folder.startsWith("/") ? dial({ path: `${folder}/.s.PGSQL.${port}` }) : dial({ host: folder, port: Number(port) }),
  );
  const through = new URL(`postgres://127.0.0.1:${proxy.port}${address.pathname}`);
  through.username = address.username || "postgres";
  through.password = address.password;
  return { ...proxy, url: through.href };
}
