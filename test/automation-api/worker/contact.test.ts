import { expect, it } from "vitest";
import { createContact, NoAnswer } from "../../../automation-api/worker/contact.ts";

it("is steady at first, not while the database is away, and again some time after it is back", async () => {
  let now = 0;
  const contact = createContact(30_000, { ticks: () => now });
  const before = contact.isSteady();

  await expect(contact.through(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
  const away = contact.isSteady();
  await contact.through(async () => true);
  const back = contact.isSteady();
  now = 30_000;

  expect([before, away, back, contact.isSteady()]).toEqual([true, false, false, true]);
});

it("ends a question that gets no answer", async () => {
  const contact = createContact(20, { ticks: () => 0 });

  await expect(contact.through(() => new Promise(() => {}))).rejects.toBeInstanceOf(NoAnswer);
});
