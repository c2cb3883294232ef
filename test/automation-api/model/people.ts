import { expect } from "vitest";
import { isFinal } from "../../../automation-api/contract/operation.ts";
import type { Connection } from "../../../automation-api/database/connection.ts";
import type { Asker } from "../../../automation-api/use-cases/accept.ts";
import { cancelOperation } from "../../../automation-api/use-cases/cancel-operation.ts";
import { createStore } from "../../../automation-api/use-cases/create-store.ts";
import { deleteStore } from "../../../automation-api/use-cases/delete-store.ts";
import { DomainError } from "../../../automation-api/use-cases/domain-error.ts";
import { retryStore } from "../../../automation-api/use-cases/retry-store.ts";
import { rotateSecrets } from "../../../automation-api/use-cases/rotate-secrets.ts";
import { parseSpec } from "../../../stores/spec.ts";
import { parseTarget } from "../../../stores/target.ts";
import type { Model } from "./model.ts";

/** What people ask for about the one store, and whether the model agrees with the answer. */
export class People {
  readonly #connection: Connection;
  readonly #asker: Asker;
  readonly #name: string;
  readonly #model: Model;

  constructor(connection: Connection, asker: Asker, name: string, model: Model) {
    this.#connection = connection;
    this.#asker = asker;
    this.#name = name;
    this.#model = model;
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
  async create(): Promise<void> {
    const spec = parseSpec({ name: this.#name, engine: "medusa" });
    const dependencies = { connection: this.#connection, target: parseTarget({}) };
    const id = await this.#ask(
      this.#model.isLiving(),
      async () => (await createStore(dependencies, this.#asker, spec)).operation.id,
    );
    if (id === undefined) return;
    this.#model.store = "provisioning";
    this.#model.operations = [{ id, kind: "create", status: "queued", cancelRequested: false }];
  }
  async delete(): Promise<void> {
    const deletion = this.#model.open().find(({ kind }) => kind === "delete");
    const isRefused = !this.#model.isLiving() || deletion?.cancelRequested === true;
    const id = await this.#ask(
      isRefused,
      async () => (await deleteStore(this.#connection, this.#asker, this.#name)).operation.id,
    );
    if (id === undefined) return;
    if (deletion !== undefined) return expect(id).toBe(deletion.id);
    for (const operation of this.#model.open()) this.#model.cancelled(operation);
    this.#model.operations.push({ id, kind: "delete", status: "queued", cancelRequested: false });
  }
  async retry(): Promise<void> {
    const last = this.#model.operations.at(-1);
    const mayRetry = this.#model.isLiving() && (last?.status === "failed" || last?.status === "cancelled");
    const id = await this.#ask(
      !mayRetry,
      async () => (await retryStore(this.#connection, this.#asker, this.#name)).operation.id,
    );
    if (id === undefined || last === undefined) return;
    if (last.kind === "create") this.#model.store = "provisioning";
    this.#model.operations.push({ id, kind: last.kind, status: "queued", cancelRequested: false });
  }
  async rotate(): Promise<void> {
    const open = this.#model.open();
    const mayRotate =
      this.#model.store === "ready" && open.every(({ kind, status }) => `${kind} ${status}` === "rotate queued");
    const id = await this.#ask(
      !mayRotate,
      async () => (await rotateSecrets(this.#connection, this.#asker, this.#name)).operation.id,
    );
    if (id === undefined) return;
    for (const operation of open) operation.status = "cancelled";
    this.#model.operations.push({ id, kind: "rotate", status: "queued", cancelRequested: false });
  }
  async cancel(): Promise<void> {
    const newest = this.#model.operations.at(-1);
    if (newest === undefined) return;
    const id = await this.#ask(
      isFinal(newest.status),
      async () => (await cancelOperation(this.#connection, this.#asker, newest)).id,
    );
    if (id !== undefined && !newest.cancelRequested) this.#model.cancelled(newest);
  }
}
