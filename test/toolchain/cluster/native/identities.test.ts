import { expect, test } from "vitest";
import { unusedIdentities } from "../../../../toolchain/cluster/native/identities.ts";

const identities = { items: [{ metadata: { name: "100" } }, { metadata: { name: "200" } }] };

test("an identity no endpoint uses is called unused", () => {
  const endpoints = { items: [{ status: { identity: { id: 100 } } }, { status: {} }, {}] };

  expect(unusedIdentities(identities, endpoints)).toEqual(["200"]);
});

test("nothing is called unused while the endpoints are not known", () => {
  expect(unusedIdentities(identities, undefined)).toEqual([]);
});
