import { createHash, randomBytes, randomInt, randomUUID } from "node:crypto";
import { equal, isObject, type Properties, Secret, type Value } from "../../values.ts";
import { randomCharacters } from "./characters.ts";
import { petName } from "./pets.ts";

interface Generated {
  id: string;
  results: Properties;
}

/** Rounds (as a power of two) of the hash the real provider makes of every password. */
const BCRYPT_COST = 10;

/** One type of the random package. Every change of an input makes a new value, so there is no update. */
export interface RandomType {
  readonly required: readonly string[];
  readonly allowed: readonly string[];
  /** Outputs that are inputs with a default. */
  readonly defaults: (inputs: Properties) => Properties;
  readonly secretOutputs: readonly string[];
  /** Outputs only known after create, beside the id. */
  readonly results: readonly string[];
  /** Inputs that read as null in the real provider's own state when they were not given. */
  readonly nullable: readonly string[];
  readonly schemaVersion?: string;
  generate(inputs: Properties): Generated | Promise<Generated>;
}

const CHARACTER_INPUTS = [
  ...["keepers", "length", "lower", "minLower", "minNumeric", "minSpecial", "minUpper"],
  ...["number", "numeric", "overrideSpecial", "special", "upper"],
];

function characterDefaults(inputs: Properties): Properties {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return {
    lower: true,
    minLower: 0,
    minNumeric: 0,
    minSpecial: 0,
    minUpper: 0,
    special: true,
    upper: true,
    ...inputs,
    number: numeric,
    numeric,
  };
}

const characters = {
  required: ["length"],
  allowed: CHARACTER_INPUTS,
  defaults: characterDefaults,
  nullable: ["keepers", "overrideSpecial"],
};

const same = (inputs: Properties): Properties => inputs;

/** By the last part of the type token. */
export const randomTypes: Readonly<Record<string, RandomType>> = {
  RandomString: {
    ...characters,
    secretOutputs: [],
    results: ["result"],
    schemaVersion: "2",
    generate: (inputs) => {
      const result = randomCharacters(characterDefaults(inputs));
      return { id: result, results: { result } };
    },
  },
  RandomPassword: {
    ...characters,
    secretOutputs: ["bcryptHash", "result"],
    results: ["bcryptHash", "result"],
    schemaVersion: "3",
    generate: async (inputs) => {
      const result = randomCharacters(characterDefaults(inputs));
      const { hash } = await import("bcryptjs");
      return { id: "none", results: { bcryptHash: await hash(result, BCRYPT_COST), result } };
    },
  },
  RandomPet: {
    required: [],
    allowed: ["keepers", "length", "prefix", "separator"],
    defaults: (inputs) => ({ length: 2, separator: "-", ...inputs }),
    secretOutputs: [],
    results: [],
    nullable: ["keepers", "prefix"],
    generate: (inputs) => {
      const separator = String(inputs.separator ?? "-");
      const name = petName(Number(inputs.length ?? 2), separator);
      return { id: [inputs.prefix, name].filter((part) => part !== undefined).join(separator), results: {} };
    },
  },
  RandomId: {
    required: ["byteLength"],
    allowed: ["byteLength", "keepers", "prefix"],
    defaults: same,
    secretOutputs: [],
    results: ["b64Std", "b64Url", "dec", "hex"],
    nullable: ["keepers", "prefix"],
    generate: (inputs) => {
      const bytes = randomBytes(Number(inputs.byteLength));
      const prefix = String(inputs.prefix ?? "");
      const id = bytes.toString("base64url");
      const results = {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + id,
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: prefix + bytes.toString("hex"),
      };
      return { id, results };
    },
  },
  RandomInteger: {
    required: ["max", "min"],
    allowed: ["keepers", "max", "min", "seed"],
    defaults: same,
    secretOutputs: [],
    results: ["result"],
    nullable: ["keepers", "seed"],
    generate: (inputs) => {
      const min = Number(inputs.min);
      const span = Number(inputs.max) - min + 1;
      const result = min + (inputs.seed === undefined ? randomInt(span) : seeded(String(inputs.seed), span));
      return { id: String(result), results: { result } };
    },
  },
  RandomBytes: {
    required: ["length"],
    allowed: ["keepers", "length"],
    defaults: same,
    secretOutputs: ["base64", "hex"],
    results: ["base64", "hex"],
    nullable: ["keepers"],
    generate: (inputs) => {
      const bytes = randomBytes(Number(inputs.length));
      return { id: "none", results: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
    },
  },
  RandomUuid: {
    required: [],
    allowed: ["keepers"],
    defaults: same,
    secretOutputs: [],
    results: ["result"],
    nullable: ["keepers"],
    generate: () => {
      const result = randomUUID();
      return { id: result, results: { result } };
    },
  },
};

/** A number from 0 up to `span` that is the same for the same seed. */
function seeded(seed: string, span: number): number {
  return createHash("sha256").update(seed).digest().readUIntBE(0, 6) % span;
}

/**
 * What the real provider keeps beside its outputs to find its own kind of state back: which optional inputs were null
 * and which were maps. Written so that it can go on with a stack this engine began.
 */
export function rawStateDelta(type: RandomType, inputs: Properties): Properties {
  const entries: [string, Value][] = [];
  for (const name of type.nullable) {
    const value = inputs[name];
    if (value === undefined) entries.push([name, new Secret({ replace: { raw: null } })]);
    else if (isObject(value)) entries.push([name, { map: {} }]);
  }
  return entries.length === 0 ? {} : { __pulumi_raw_state_delta: { obj: { ps: Object.fromEntries(entries) } } };
}

/** Inputs that differ, in order. */
export function changedInputs(old: Properties, news: Properties, ignored: readonly string[]): string[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(news)])].sort();
  return names.filter((name) => !equal(old[name], news[name]) && !ignored.includes(name));
}
