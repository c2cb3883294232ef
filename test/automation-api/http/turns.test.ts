import { expect, it } from "vitest";
import { createTurns } from "../../../automation-api/http/turns.ts";
import { DomainError } from "../../../automation-api/use-cases/domain-error.ts";

it("lets so many at once, the others in order, also after one has failed", async () => {
  const inTurn = createTurns(2, 1000);
  const doors = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const ended = doors.map(({ promise }, index) =>
    inTurn(async () => {
      begun.push(index);
      await promise;
      return index;
    }),
  );

  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  doors[1]?.reject(new Error("no"));
  await expect(ended[1]).rejects.toThrow("no");
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  for (const { resolve } of doors) resolve();

  expect(await Promise.all([ended[0], ended[2], ended[3]])).toEqual([0, 2, 3]);
});

it("tells whoever waits for too long to come again, and lets the next ones in all the same", async () => {
  const inTurn = createTurns(1, 20);
  const door = Promise.withResolvers<void>();
  const first = inTurn(() => door.promise);

  const late = await inTurn(async () => "never").catch((error: unknown) => error);

  expect(late).toBeInstanceOf(DomainError);
  expect(late).toMatchObject({ kind: "unavailable", retryAfter: 2 });
  door.resolve();
  await first;
  expect(await inTurn(async () => "now")).toBe("now");
});
