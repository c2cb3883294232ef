import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isFinal, type OperationKind, type OperationStatus } from "../../automation-api/contract/operation.ts";
import type { StoreStatus } from "../../automation-api/contract/store.ts";
import {
  beginWork,
  endWork,
  type HeldWork,
  handBack,
  saveProgress,
} from "../../automation-api/database/operation-repository.ts";
import { findWork } from "../../automation-api/database/work-reads-repository.ts";
import { registerWorker, takeOver } from "../../automation-api/database/worker-repository.ts";
import { begin, cancel, fail, interrupt, mayBegin, succeed } from "../../automation-api/domain/operation.ts";
import { storeStatusAfter } from "../../automation-api/domain/store-status.ts";
import type { Asker } from "../../automation-api/use-cases/accept.ts";
import { cancelOperation } from "../../automation-api/use-cases/cancel-operation.ts";
import { createStore } from "../../automation-api/use-cases/create-store.ts";
import { deleteStore } from "../../automation-api/use-cases/delete-store.ts";
import { DomainError } from "../../automation-api/use-cases/domain-error.ts";
import { retryStore } from "../../automation-api/use-cases/retry-store.ts";
import { parseSpec } from "../../stores/spec.ts";
import { parseTarget } from "../../stores/target.ts";
import { liftLimits } from "../helpers/lift-limits.ts";
import { type MigratedDatabase, migratedDatabase } from "../helpers/migrated-database.ts";
import { someActor } from "../helpers/some-actor.ts";

// Any sequence of what people ask for and what workers do, also workers that were followed by others and go on all the same:
// the database agrees with a model of a few lines. 10,000 sequences in `npm run test:kill`.
const sequences = Number(process.env.STOREFLEET_TEST_SEQUENCES ?? 150);

let migrated: MigratedDatabase;
beforeAll(async () => {
  migrated = await migratedDatabase();
  await liftLimits(migrated.connection);
  asker = await someActor(migrated.connection, "ann");
});
afterAll(() => migrated.drop());

const actions = [
  "create",
  "delete",
  "retry",
  "cancel",
  "take",
  "save",
  "succeed",
  "fail",
  "stop",
  "hand back",
  "die",
] as const;
type Action = (typeof actions)[number];
/** `stale` lets a worker act that has lost its operation, where there is one. */
const step = fc.record({ action: fc.constantFrom(...actions), stale: fc.boolean() });

interface ModelOperation {
  readonly id: string;
  readonly kind: OperationKind;
  status: OperationStatus;
  cancelRequested: boolean;
}
/** What should be true of the one store. */
interface Model {
  store: StoreStatus | undefined;
  operations: ModelOperation[];
}

let asker: Asker;
const event = (status: OperationStatus) => ({
  at: new Date(),
  kind: "status" as const,
  severity: "info" as const,
  text: `It is ${status}.`,
  status,
  progress: { fraction: 0, steps: [] },
});

class Sequence {
  readonly #name = `s-${randomUUID().slice(0, 12)}`;
  readonly #model: Model = { store: undefined, operations: [] };
  /** What a worker believes to hold: the last one is right unless it was lost. */
  #held: HeldWork | undefined;
  readonly #lost: HeldWork[] = [];
  readonly #fencings: number[] = [];
  #worker = "";

  get #connection() {
    return migrated.connection;
  }
  #open(): ModelOperation[] {
    return this.#model.operations.filter(({ status }) => !isFinal(status));
  }
  #of(id: string): ModelOperation {
    const found = this.#model.operations.find((operation) => operation.id === id);
    if (found === undefined) throw new Error("unknown to the model");
    return found;
  }
  #isLiving(): boolean {
    return this.#model.store !== undefined && this.#model.store !== "deleted";
  }
  async #newWorker(): Promise<void> {
    this.#worker = randomUUID();
    await registerWorker(this.#connection.database, {
      id: this.#worker,
      hostname: "here",
      pid: 1,
      processStart: "1",
    });
  }
  /** Asks for something; `isRefused` is what the model expects. */
  async #ask(isRefused: boolean, request: () => Promise<string>): Promise<string | undefined> {
    const answer = await request().catch((error: unknown) => {
      expect(error).toBeInstanceOf(DomainError);
      return undefined;
    });
    expect(answer === undefined).toBe(isRefused);
    return answer;
  }

  async #create(): Promise<void> {
    const spec = parseSpec({ name: this.#name, engine: "medusa" });
    const dependencies = { connection: this.#connection, target: parseTarget({}) };
    const id = await this.#ask(
      this.#isLiving(),
      async () => (await createStore(dependencies, asker, spec)).operation.id,
    );
    if (id === undefined) return;
    this.#model.store = "provisioning";
    this.#model.operations = [{ id, kind: "create", status: "queued", cancelRequested: false }];
  }
  async #delete(): Promise<void> {
    const deletion = this.#open().find(({ kind }) => kind === "delete");
    const isRefused = !this.#isLiving() || deletion?.cancelRequested === true;
    const id = await this.#ask(
      isRefused,
      async () => (await deleteStore(this.#connection, asker, this.#name)).operation.id,
    );
    if (id === undefined) return;
    if (deletion !== undefined) return expect(id).toBe(deletion.id);
    for (const operation of this.#open()) this.#cancelled(operation);
    this.#model.operations.push({ id, kind: "delete", status: "queued", cancelRequested: false });
  }
  #cancelled(operation: ModelOperation): void {
    operation.cancelRequested = true;
    if (operation.status !== "queued") return;
    operation.status = "cancelled";
    if (operation.kind === "create") this.#model.store = "failed";
  }
  async #retry(): Promise<void> {
    const last = this.#model.operations.at(-1);
    const mayRetry = this.#isLiving() && (last?.status === "failed" || last?.status === "cancelled");
    const id = await this.#ask(
      !mayRetry,
      async () => (await retryStore(this.#connection, asker, this.#name)).operation.id,
    );
    if (id === undefined || last === undefined) return;
    if (last.kind === "create") this.#model.store = "provisioning";
    this.#model.operations.push({ id, kind: last.kind, status: "queued", cancelRequested: false });
  }
  async #cancel(): Promise<void> {
    const newest = this.#model.operations.at(-1);
    if (newest === undefined) return;
    const id = await this.#ask(
      isFinal(newest.status),
      async () => (await cancelOperation(this.#connection, asker, newest.id)).id,
    );
    if (id !== undefined && !newest.cancelRequested) this.#cancelled(newest);
  }
  async #take(): Promise<void> {
    const next = this.#open()[0];
    if (next === undefined || next.status === "running") return;
    const work = await findWork(this.#connection.database, next.id);
    if (work === undefined || !mayBegin(work.state)) throw new Error("an open operation may not begin");
    const state = begin(work.state, this.#worker);
    const storeStatus = storeStatusAfter(next.kind, "running");
    const beginning = { from: work.state, storeStatus, event: event("running"), leaseSeconds: 30 };
    const taken = await beginWork(this.#connection, { ...work, state }, beginning);
    if (taken === undefined || taken === "busy") throw new Error(`an open operation was ${taken}`);
    this.#held = taken;
    this.#fencings.push(Number(taken.lease.fencing));
    next.status = "running";
    this.#model.store = storeStatus;
  }
  /** Who acts: the one that holds the operation, or one that has lost it. */
  #actor(stale: boolean): { work: HeldWork; isOurs: boolean } | undefined {
    const lost = this.#lost.at(-1);
    if (stale && lost !== undefined) return { work: lost, isOurs: false };
    return this.#held && { work: this.#held, isOurs: true };
  }
  async #save(stale: boolean): Promise<void> {
    const actor = this.#actor(stale);
    if (actor === undefined) return;
    const saved = await saveProgress(this.#connection, actor.work, { fraction: 0.5, steps: [] }, [event("running")]);
    expect(saved).toBe(actor.isOurs);
  }
  async #end(moment: "succeeded" | "failed" | "cancelled", stale: boolean): Promise<void> {
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
    this.#of(work.id).status = moment;
    this.#model.store = status;
    this.#lose();
  }
  async #handBack(stale: boolean): Promise<void> {
    const actor = this.#actor(stale);
    if (actor === undefined) return;
    const { work, isOurs } = actor;
    const to = interrupt(work.state, "Stopped.");
    expect(await handBack(this.#connection, work, to, event("interrupted"))).toBe(isOurs);
    if (!isOurs) return;
    this.#of(work.id).status = "interrupted";
    this.#lose();
  }
  async #die(): Promise<void> {
    const held = await takeOver(this.#connection, this.#worker, "It died.", async () => {});
    expect(held).toEqual(this.#held === undefined ? [] : [this.#held.id]);
    if (this.#held !== undefined) this.#of(this.#held.id).status = "interrupted";
    this.#lose();
    await this.#newWorker();
  }
  #lose(): void {
    if (this.#held !== undefined) this.#lost.push(this.#held);
    this.#held = undefined;
  }

  async #act(action: Action, stale: boolean): Promise<void> {
    switch (action) {
      case "create":
        return this.#create();
      case "delete":
        return this.#delete();
      case "retry":
        return this.#retry();
      case "cancel":
        return this.#cancel();
      case "take":
        return this.#take();
      case "save":
        return this.#save(stale);
      case "succeed":
        return this.#end("succeeded", stale);
      case "fail":
        return this.#end("failed", stale);
      case "stop":
        return this.#end("cancelled", stale);
      case "hand back":
        return this.#handBack(stale);
      case "die":
        return this.#die();
    }
  }

  async #check(): Promise<void> {
    const { database } = this.#connection;
    const store = await database
      .selectFrom("stores")
      .select(["id", "status"])
      .where("name", "=", this.#name)
      .orderBy("createdAt", "desc")
      .limit(1)
      .executeTakeFirst();
    expect(store?.status).toBe(this.#model.store);
    const rows = await database
      .selectFrom("operations")
      .select(["id", "kind", "status"])
      .where("storeId", "=", store?.id ?? randomUUID())
      .orderBy("queuedAt")
      .execute();
    expect(rows).toEqual(this.#model.operations.map(({ id, kind, status }) => ({ id, kind, status })));
    expect(rows.filter(({ status }) => status === "running" || status === "interrupted").length).toBeLessThanOrEqual(1);
  }

  async run(steps: readonly { action: Action; stale: boolean }[]): Promise<void> {
    await this.#newWorker();
    await this.#create();
    for (const { action, stale } of steps) {
      const wasDeleted = this.#model.store === "deleted";
      await this.#act(action, stale);
      // A new store has a lease of its own.
      if (wasDeleted && this.#model.store !== "deleted") this.#fencings.length = 0;
      await this.#check();
    }
    expect(this.#fencings).toEqual(this.#fencings.toSorted((left, right) => left - right));
    expect(new Set(this.#fencings).size).toBe(this.#fencings.length);
  }
}

it(`${sequences} sequences of actions on one store agree with the model`, {
  timeout: 60_000 + sequences * 500,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), (steps) => new Sequence().run(steps)),
    { numRuns: sequences },
  );
});
