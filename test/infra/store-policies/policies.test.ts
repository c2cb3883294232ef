import { Environment } from "@marcbachmann/cel-js";
import { describe, expect, it } from "vitest";
import * as infra from "../../../infra/names.ts";
import { storeNamespaces } from "../../../infra/store-namespaces.ts";
import { admissionOf, storePolicies } from "../../../infra/store-policies.ts";
import { workerConfinement } from "../../../infra/worker-confinement.ts";
import * as stores from "../../../stores/names.ts";
import { NAMESPACE_PREFIX } from "../../../stores/spec.ts";
import { type Act, denial, examples, limits, namespace, ofNamespaces, quota } from "./examples.ts";

type Spec = ReturnType<typeof admissionOf>;

const cel = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
const alive = namespace("demo");
const leaving = { ...alive, metadata: { ...alive.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };

/** What an API server would say to it, as far as this policy goes. */
function refusals(spec: Spec, { object, oldObject }: Act, namespaceObject: object = alive): string[] {
  const { matchConditions = [], validations = [] } = plain(spec);
  const known = {
    object: object ?? null,
    oldObject: oldObject ?? null,
    namespaceObject,
    request: { operation: object === undefined ? "DELETE" : oldObject === undefined ? "CREATE" : "UPDATE" },
  };
  const isTrue = ({ expression }: { expression: string }) => cel.evaluate(expression, known) === true;
  if (!matchConditions.every(isTrue)) return [];
  return validations.filter((each) => !isTrue(each)).map(({ message }) => message);
}

interface Plain {
  matchConditions?: { expression: string }[];
  validations?: { expression: string; message: string }[];
  matchConstraints: { resourceRules: { operations: string[] }[] };
}
/** Of a policy that is known when it is declared. */
const plain = (spec: Spec) => spec as unknown as Plain;

it("has examples for each policy of stores", () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys(storePolicies).sort());
});

it("is about the labels and names that stores have", () => {
  expect([infra.STORE_LABEL, infra.STORE_NAMESPACE_PREFIX, infra.STORE_RELEASE]).toEqual([
    stores.STORE_LABEL,
    NAMESPACE_PREFIX,
    stores.RELEASE_NAME,
  ]);
});

describe("in the namespace of a store", () => {
  it.each(Object.entries(examples))(
    "%s lets through what is right and refuses what is not",
    (name, { right, wrong }) => {
      const spec = admissionOf(storePolicies[name]!);

      for (const act of right) expect(refusals(spec, act)).toEqual([]);
      for (const [act, said] of wrong) expect(refusals(spec, act)).toEqual([expect.stringContaining(said)]);
    },
  );

  it("is asked about everything that is done in the examples", () => {
    for (const [name, { right, wrong }] of Object.entries(examples)) {
      const asked = plain(admissionOf(storePolicies[name]!)).matchConstraints.resourceRules[0]?.operations;
      for (const { object, oldObject } of [...right, ...wrong.map(([act]) => act)]) {
        expect(asked).toContain(object === undefined ? "DELETE" : oldObject === undefined ? "CREATE" : "UPDATE");
      }
    }
  });

  it("lets the walls of a store go with their namespace", () => {
    for (const wall of [denial, quota, limits]) {
      const act = { object: undefined, oldObject: wall };
      expect(refusals(admissionOf(storePolicies["store-walls"]!), act, leaving)).toEqual([]);
    }
  });
});

describe("the namespace of a store itself", () => {
  const { right, wrong } = ofNamespaces("demo");

  it("is restricted for good, and keeps its name and label", () => {
    for (const act of right) expect(refusals(storeNamespaces, act)).toEqual([]);
    for (const [act, said] of wrong)
      expect(refusals(storeNamespaces, act)).toContainEqual(expect.stringContaining(said));
  });

  it("may lose everything when it goes, and strange ones are no concern of ours", () => {
    const strange = { ...alive, metadata: { name: "strange" } };

    expect(
      refusals(storeNamespaces, {
        oldObject: alive,
        object: { ...leaving, metadata: { ...leaving.metadata, labels: {} } },
      }),
    ).toEqual([]);
    expect(refusals(storeNamespaces, { object: strange })).toEqual([]);
  });
});

it("is written in a language that compiles, down to what confines workers", () => {
  const all = [
    storeNamespaces,
    ...Object.values(storePolicies).map(admissionOf),
    ...Object.values(workerConfinement("fleet")),
  ];
  const expressions = all
    .map(plain)
    .flatMap(({ matchConditions = [], validations = [] }) => [...matchConditions, ...validations]);

  for (const { expression } of expressions) expect(() => cel.parse(expression), expression).not.toThrow();
  expect(expressions.length).toBeGreaterThan(15);
});
