import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { OperationStatus } from "../../../automation-api/contract/operation.ts";
import type { Connection } from "../../../automation-api/database/connection.ts";
import {
  beginWork,
  endWork,
  type HeldWork,
  handBack,
  saveProgress,
} from "../../../automation-api/database/operation-repository.ts";
import { findWork } from "../../../automation-api/database/work-reads-repository.ts";
import { registerWorker, takeOver } from "../../../automation-api/database/worker-repository.ts";
import { begin, cancel, fail, interrupt, mayBegin, succeed } from "../../../automation-api/domain/operation.ts";
import { storeStatusAfter } from "../../../automation-api/domain/store-status.ts";
import type { Model } from "./model.ts";

const event = (status: OperationStatus) => ({
  at: new Date(),
  kind: "status" as const,
  severity: "info" as const,
  text: `It is ${status}.`,
  status,
  progress: { fraction: 0, steps: [] },
});

/** What workers do with the operations of the one store, one that lives and those that were followed by it. */
export class Workers {
  /** Numbers of the leases, in the order of taking. */
  readonly fencings: number[] = [];
  readonly #connection: Connection;
  readonly #model: Model;
  /** What a worker believes to hold: the last one is right unless it was lost. */
  #held: HeldWork | undefined;
  readonly #lost: HeldWork[] = [];
  #worker = "";

  constructor(connection: Connection, model: Model) {
    this.#connection = connection;
    this.#model = model;
  }

  async begin(): Promise<void> {
    this.#worker = randomUUID();
    await registerWorker(this.#connection.database, {
      id: this.#worker,
      hostname: "here",
      pid: 1,
      processStart: "1",
    });
  }
  async take(): Promise<void> {
    const next = this.#model.open()[0];
    if (next === undefined || next.status === "running") return;
    const work = await findWork(this.#connection.database, next.id);
    if (work === undefined || !mayBegin(work.state)) throw new Error("an open operation may not begin");
    const state = begin(work.state, this.#worker);
    const storeStatus = storeStatusAfter(next.kind, "running");
    const beginning = { from: work.state, storeStatus, event: event("running"), leaseSeconds: 30 };
    const taken = await beginWork(this.#connection, { ...work, state }, beginning);
    if (typeof taken !== "object") throw new Error(`an open operation was ${taken}`);
    this.#held = taken;
    this.fencings.push(Number(taken.lease.fencing));
    next.status = "running";
    this.#model.store = storeStatus;
  }
  /** Who acts: the one that holds the operation, or one that has lost it. */
  #actor(stale: boolean): { work: HeldWork; isOurs: boolean } | undefined {
    const lost = this.#lost.at(-1);
    if (stale && lost !== undefined) return { work: lost, isOurs: false };
    return this.#held && { work: this.#held, isOurs: true };
  }
  async save(stale: boolean): Promise<void> {
    const actor = this.#actor(stale);
    if (actor === undefined) return;
    const saved = await saveProgress(this.#connection, actor.work, { fraction: 0.5, steps: [] }, [event("running")]);
    expect(saved).toBe(actor.isOurs);
  }
  async end(moment: "succeeded" | "failed" | "cancelled", stale: boolean): Promise<void> {
    const actor = this.#actor(stale);
    if (actor === undefined) return;
    const { work, isOurs } = actor;
    const ends = {
      succeeded: succeed,
      failed: (from: typeof work.state) => fail(from, "No."),
      cancelled: (from: typeof work.state) => cancel(from, "Asked."),
    };
    const to = ends[moment](work.state);
    const status = storeStatusAfter(work.kind, moment);
    const ending = { to, event: event(moment), store: { status, reason: undefined } };
    expect(await endWork(this.#connection, work, ending)).toBe(isOurs);
    if (!isOurs) return;
    this.#model.of(work.id).status = moment;
    this.#model.store = status;
    this.#lose();
  }
  async handBack(stale: boolean): Promise<void> {
    const actor = this.#actor(stale);
    if (actor === undefined) return;
    const { work, isOurs } = actor;
    const to = interrupt(work.state, "Stopped.");
    expect(await handBack(this.#connection, work, to, event("interrupted"))).toBe(isOurs);
    if (!isOurs) return;
    this.#model.of(work.id).status = "interrupted";
    this.#lose();
  }
  /** The worker dies, is followed, and a new one begins. */
  async die(): Promise<void> {
    const held = await takeOver(this.#connection, this.#worker, "It died.", async () => {});
    expect(held).toEqual(this.#held === undefined ? [] : [this.#held.id]);
    if (this.#held !== undefined) this.#model.of(this.#held.id).status = "interrupted";
    this.#lose();
    await this.begin();
  }
  #lose(): void {
    if (this.#held !== undefined) this.#lost.push(this.#held);
    this.#held = undefined;
  }
}
