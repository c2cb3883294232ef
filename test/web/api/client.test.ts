import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { call } from "../../../web/src/api/client.ts";
import { ProblemError, ServiceAway, UnexpectedAnswer } from "../../../web/src/api/errors.ts";

const schema = z.object({ name: z.string() });

function answer(status: number, body: string): void {
  vi.stubGlobal("fetch", async () => new Response(body, { status }));
}

afterEach(() => vi.unstubAllGlobals());

describe("calling the service", () => {
  it("gives back what the schema makes of the answer", async () => {
    answer(200, '{"name":"one","more":1}');

    await expect(call("/x", schema)).resolves.toEqual({ name: "one" });
  });

  it("throws the service's own sentence", async () => {
    answer(409, '{"type":"about:blank","title":"Conflict","status":409,"detail":"The name is taken."}');

    await expect(call("/x", schema)).rejects.toThrow("The name is taken.");
    await expect(call("/x", schema)).rejects.toBeInstanceOf(ProblemError);
  });

  it("says that the service is away when nobody answers or a proxy says so", async () => {
    answer(502, "Bad Gateway");
    await expect(call("/x", schema)).rejects.toBeInstanceOf(ServiceAway);

    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("fetch failed")));
    await expect(call("/x", schema)).rejects.toBeInstanceOf(ServiceAway);
  });

  it("does not pass on an answer that breaks the contract", async () => {
    answer(200, '{"name":1}');

    await expect(call("/x", schema)).rejects.toBeInstanceOf(UnexpectedAnswer);
  });

  it("sends JSON and the idempotency key", async () => {
    const sent: RequestInit[] = [];
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      sent.push(init);
      return new Response('{"name":"one"}');
    });

    await call("/x", schema, { method: "POST", body: { a: 1 }, idempotencyKey: "key" });

    expect(sent[0]).toMatchObject({
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json", "idempotency-key": "key" },
    });
  });
});
