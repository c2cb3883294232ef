import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engines } from "../../stores/engines/registry.ts";
import { type ComponentSize, type EnginePlans, limitsFor, mostReplicas, quotaFor } from "../../stores/plans.ts";
import { ENGINES, PLANS, type Plan } from "../../stores/spec.ts";

const amount = fc
  .integer({ min: 1, max: 4000 })
  .chain((limit) => fc.integer({ min: 1, max: limit }).map((request) => ({ request, limit })));
const size: fc.Arbitrary<ComponentSize> = fc
  .record({
    cpu: amount,
    memory: amount,
    replicas: fc.integer({ min: 1, max: 5 }),
    surge: fc.constantFrom(0 as const, 1 as const),
    extra: fc.integer({ min: 0, max: 5 }),
    storage: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
  })
  .map(({ extra, storage, ...rest }) => ({
    ...rest,
    ...(extra > 0 ? { autoscale: { maxReplicas: rest.replicas + extra, targetCpu: 500 } } : {}),
    ...(storage === undefined ? {} : { storage }),
  }));
const components = fc.dictionary(fc.constantFrom("db", "cache", "server", "worker"), size);
const enginePlans: fc.Arbitrary<EnginePlans> = fc.record({
  basic: components,
  standard: components,
  premium: components,
});
const anyPlan = fc.constantFrom(...PLANS);

const number = (text: string | undefined) => Number.parseInt(text ?? "", 10);
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);

/** Most that can be there on purpose at one moment: everything scaled out, and every roll-out with its pod more. */
function peak(plans: EnginePlans, plan: Plan, of: (size: ComponentSize) => number): number {
  return sum(Object.values(plans[plan]).map((one) => (mostReplicas(one) + one.surge) * of(one)));
}

const real = ENGINES.map((engine) => engines[engine].plans);
const everyTable = fc.oneof(fc.constantFrom(...real), enginePlans);

describe("the quota of a plan", () => {
  it("fits all of its pods, scaled out and rolling out at once, whatever the table says", () => {
    fc.assert(
      fc.property(everyTable, anyPlan, (plans, plan) => {
        const quota = quotaFor(plans, plan);

        expect(number(quota["requests.cpu"])).toBeGreaterThanOrEqual(peak(plans, plan, ({ cpu }) => cpu.request));
        expect(number(quota["limits.cpu"])).toBeGreaterThanOrEqual(peak(plans, plan, ({ cpu }) => cpu.limit));
        expect(number(quota["requests.memory"])).toBeGreaterThanOrEqual(
          peak(plans, plan, ({ memory }) => memory.request),
        );
        expect(number(quota["limits.memory"])).toBeGreaterThanOrEqual(peak(plans, plan, ({ memory }) => memory.limit));
        expect(number(quota.pods)).toBeGreaterThanOrEqual(peak(plans, plan, () => 1));
        const volumes = Object.values(plans[plan]).map(({ storage = 0 }) => storage);
        expect(number(quota["requests.storage"])).toBe(sum(volumes));
      }),
    );
  });

  it("lets the first pod of a smaller plan in while one of the larger plan is still there", () => {
    fc.assert(
      fc.property(everyTable, anyPlan, anyPlan, (plans, from, to) => {
        const quota = quotaFor(plans, to);

        // Components with a surge keep one old pod until a new one answers; the others stop first.
        const changing = Object.entries(plans[to]).map(([component, next]) => {
          const old = plans[from][component];
          const kept = next.surge === 1 && old !== undefined ? old.memory.limit : 0;
          return kept + next.memory.limit;
        });
        expect(number(quota["limits.memory"])).toBeGreaterThanOrEqual(sum(changing));
      }),
    );
  });

  it("never allows node ports or load balancers, and bounds the number of every kind of object", () => {
    for (const plans of real) {
      for (const plan of PLANS) {
        expect(quotaFor(plans, plan)).toMatchObject({ "services.nodeports": "0", "services.loadbalancers": "0" });
        for (const value of Object.values(quotaFor(plans, plan))) expect(value).toMatch(/^\d+(m|Mi|Gi)?$/);
      }
    }
  });
});

describe("the limits of a plan", () => {
  it("let every container and every volume of every plan through, so that a plan can be changed", () => {
    fc.assert(
      fc.property(everyTable, (plans) => {
        const [container, claim] = limitsFor(plans);

        for (const one of PLANS.flatMap((plan) => Object.values(plans[plan]))) {
          expect(number(container?.max.memory)).toBeGreaterThanOrEqual(one.memory.limit);
          expect(number(container?.max.cpu)).toBeGreaterThanOrEqual(one.cpu.limit);
          expect(number(claim?.max.storage)).toBeGreaterThanOrEqual(one.storage ?? 0);
        }
      }),
    );
  });
});

describe("the plans of an engine", () => {
  it.each(ENGINES)("let ten basic stores of %s share a node of two cores and 24 GB", (engine) => {
    const basic = Object.values(engines[engine].plans.basic);

    expect(sum(basic.map(({ cpu }) => cpu.request))).toBeLessThanOrEqual(100);
    expect(sum(basic.map(({ memory }) => memory.request))).toBeLessThanOrEqual(700);
  });

  it.each(ENGINES)("let %s use two cores where somebody waits for it to start", (engine) => {
    for (const plan of PLANS) {
      const served = Object.entries(engines[engine].plans[plan]).filter(([, { surge }]) => surge === 1);

      for (const [component, { cpu }] of served) expect(cpu.limit, component).toBeGreaterThanOrEqual(2000);
    }
  });

  it.each(ENGINES)("never give %s less on a larger plan", (engine) => {
    const { plans } = engines[engine];
    const pairs = [["basic", "standard"] as const, ["standard", "premium"] as const];

    for (const [small, large] of pairs) {
      for (const [component, size] of Object.entries(plans[small])) {
        const larger = plans[large][component];
        expect(larger?.memory.limit, component).toBeGreaterThanOrEqual(size.memory.limit);
        expect(larger?.cpu.request, component).toBeGreaterThanOrEqual(size.cpu.request);
        expect(larger?.replicas, component).toBeGreaterThanOrEqual(size.replicas);
        expect(larger?.storage ?? 0, component).toBeGreaterThanOrEqual(size.storage ?? 0);
      }
    }
  });

  it.each(ENGINES)("ask %s for no more than its limits", (engine) => {
    for (const size of PLANS.flatMap((plan) => Object.values(engines[engine].plans[plan]))) {
      expect(size.cpu.request).toBeLessThanOrEqual(size.cpu.limit);
      expect(size.memory.request).toBeLessThanOrEqual(size.memory.limit);
    }
  });
});
