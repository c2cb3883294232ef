import { EventEmitter } from "node:events";
import type { PoolClient } from "pg";
import { expect, it, vi } from "vitest";
import type { Connection } from "../../../automation-api/database/connection.ts";
import { listen } from "../../../automation-api/database/notifications-repository.ts";

/** A pool that hands out a client whenever the test says so. */
function slowPool() {
  const waiting: ((client: PoolClient) => void)[] = [];
  const released: PoolClient[] = [];
  const pool = { connect: () => new Promise<PoolClient>((resolve) => waiting.push(resolve)) };
  return {
    connection: { pool } as unknown as Connection,
    released,
    waits: () => waiting.length > 0,
    handOut() {
      const client = new EventEmitter() as PoolClient;
      Object.assign(client, { query: async () => {}, release: () => void released.push(client) });
      waiting.shift()?.(client);
      return client;
    },
  };
}

it("gives back a connection that comes when nobody listens any more", async () => {
  const pool = slowPool();
  const onGap = vi.fn();
  const begun = listen(pool.connection, "progress", { onNotification: () => {}, onGap });
  const first = pool.handOut();
  const notifications = await begun;

  first.emit("end");
  await expect.poll(pool.waits).toBe(true);
  await notifications.close();
  const late = pool.handOut();

  await expect.poll(() => pool.released).toEqual([first, late]);
  expect(onGap).not.toHaveBeenCalled();
});
