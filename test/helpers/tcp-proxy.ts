import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A way to a server that can be cut, slowed, broken and silenced, as when its machine or the network is unwell. */
export interface TcpProxy {
  /** On loopback. */
  readonly port: number;
  /** Breaks every connection and refuses new ones until {@link TcpProxy.mend}. */
  cut(): void;
  /** Answers come so many milliseconds late. */
  slow(milliseconds: number): void;
  /** Such a share of new connections, from 0 to 1, is reset before its first answer is through. */
  reset(share: number): void;
  /** Nothing goes through in either direction any more, and nobody is told. */
  silence(): void;
  /** Ends all of these; what was held back goes on. */
  mend(): void;
  close(): Promise<void>;
}

export async function tcpProxy(dial: () => Socket): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const trouble = { isCut: false, latency: 0, resets: 0 };
  let heard = Promise.withResolvers<void>();
  heard.resolve();

  /** Passes data on in its order; the reader waits for as long as the writer is held up. */
  async function pass(from: Socket, to: Socket, latency: () => number): Promise<void> {
    for await (const chunk of from) {
      await sleep(latency());
      await heard.promise;
      if (!to.writable) return;
      if (!to.write(chunk)) await new Promise((resolve) => to.once("drain", resolve).once("close", resolve));
    }
    to.end();
  }
  const server = createServer((client) => {
    if (trouble.isCut) {
      client.destroy();
      return;
    }
    const upstream = dial();
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
    }
    const isDoomed = Math.random() < trouble.resets;
    if (isDoomed) upstream.once("data", () => client.resetAndDestroy());
    pass(client, upstream, () => 0).catch(() => upstream.destroy());
    pass(upstream, client, () => trouble.latency).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = server.address();
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof own === "object" && own !== null ? own.port : 0,
    cut() {
      trouble.isCut = true;
      breakAll();
    },
    slow(milliseconds) {
      trouble.latency = milliseconds;
    },
    reset(share) {
      trouble.resets = share;
    },
    silence() {
      heard = Promise.withResolvers();
    },
    mend() {
      Object.assign(trouble, { isCut: false, latency: 0, resets: 0 });
      heard.resolve();
    },
    async close() {
      heard.resolve();
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
