import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { objectRules } from "../../../infra/policy-pack/object-rules.ts";
import { stackRules } from "../../../infra/policy-pack/stack-rules.ts";
import { storePolicies } from "../../../infra/store-policies.ts";
import { repositoryRoot } from "../../../toolchain/lib/paths.ts";

// What slips past the pack is caught by the cluster, and the other way round: the README's table says by what.

const readme = readFileSync(join(repositoryRoot, "README.md"), "utf8");
const [, table = ""] = /\| Rule of the pack \| In the cluster \|\n.*\n((?:\|.*\n)+)/.exec(readme) ?? [];
const rows = table
  .trim()
  .split("\n")
  .map((row) => row.split("|").slice(1, 3));
const namesIn = (column: 0 | 1, form: RegExp) =>
  rows.flatMap((row) => [...(row[column] ?? "").matchAll(form)].map(([, name]) => name));

it("has a partner in the cluster for every rule of the pack", () => {
  const rules = [...Object.keys(objectRules), ...Object.keys(stackRules)];

  expect(namesIn(0, /`([\w-]+)`/g).sort()).toEqual(rules.sort());
  for (const [rule, partner] of rows) expect(partner, rule).toMatch(/`store-[a-z]+`/);
});

it("has a rule of the pack for every policy of stores", () => {
  const policies = new Set(namesIn(1, /`(store-[a-z]+)`/g));

  expect([...policies].sort()).toEqual([...Object.keys(storePolicies), "store-namespaces"].sort());
});
