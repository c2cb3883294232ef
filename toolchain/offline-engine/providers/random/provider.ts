import type { Provider } from "../../provider.ts";
import { type Properties, UNKNOWN, Unknown } from "../../values.ts";
import { changedInputs, type RandomType, randomTypes, rawStateDelta } from "./types.ts";

/** Passwords, pets, ids, … whose values live in the state and nowhere else. */
export function createRandomProvider(): Provider {
  return {
    packageName: "random",
    async configure() {},
    supports: (type) => find(type) !== undefined,
    secretOutputs: (type) => find(type)?.secretOutputs ?? [],
    async check({ type, news }) {
      const { allowed, required } = typeNamed(type);
      const unknown = Object.keys(news).filter((name) => !allowed.includes(name));
      const missing = required.filter((name) => news[name] === undefined);
      const failures = [
        ...unknown.map((property) => ({ property, reason: `Unexpected property ${property} for ${type}` })),
        ...missing.map((property) => ({
          property,
          reason: `Missing required argument: the argument "${property}" is required`,
        })),
        ...rangeFailures(news),
      ];
      return { inputs: news, failures };
    },
    async diff({ type, oldInputs, newInputs, ignoreChanges }) {
      typeNamed(type);
      const replaceKeys = changedInputs(oldInputs, newInputs, ignoreChanges);
      return { changes: replaceKeys.length > 0, replaceKeys, deleteBeforeReplace: false, detailedDiff: {} };
    },
    async create({ type, inputs, preview }) {
      const random = typeNamed(type);
      if (preview) return { id: "", outputs: foreseen(random, inputs) };
      const { id, results } = await random.generate(inputs);
      const meta = random.schemaVersion === undefined ? {} : { __meta: `{"schema_version":"${random.schemaVersion}"}` };
      const delta = rawStateDelta(random, inputs);
      return { id, outputs: { ...meta, ...delta, ...random.defaults(inputs), ...results, id } };
    },
    async read({ id, inputs, outputs }) {
      return outputs === undefined ? undefined : { id, inputs: inputs ?? {}, outputs };
    },
    async update({ oldOutputs }) {
      return { outputs: oldOutputs };
    },
    async remove() {},
  };
}

function find(type: string): RandomType | undefined {
  const [module, name] = type.split(":").slice(1);
  return module?.startsWith("index") ? randomTypes[name ?? ""] : undefined;
}

function typeNamed(type: string): RandomType {
  const found = find(type);
  if (found !== undefined) return found;
  throw new Error(`The offline engine does not know ${type}; it has ${Object.keys(randomTypes).join(", ")}.`);
}

/** Outputs a preview can tell; what will be generated is unknown. */
function foreseen(type: RandomType, inputs: Properties): Properties {
  const results = Object.fromEntries(type.results.map((name) => [name, UNKNOWN]));
  return { ...type.defaults(inputs), ...results, id: UNKNOWN };
}

function rangeFailures(news: Properties): { property: string; reason: string }[] {
  const lengths = ["length", "byteLength"].flatMap((property) => {
    const value = news[property];
    if (value === undefined || value instanceof Unknown) return [];
    const whole = typeof value === "number" && Number.isInteger(value) && value >= 1;
    return whole
      ? []
      : [{ property, reason: `${property} must be a whole number of at least 1, got ${JSON.stringify(value)}` }];
  });
  const { min, max } = news;
  if (typeof min !== "number" || typeof max !== "number" || min <= max) return lengths;
  return [
    ...lengths,
    {
      property: "max",
      reason: `The minimum (min) value ${min} needs to be smaller than or equal to maximum (max) value ${max}`,
    },
  ];
}
