import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { configOf } from "../../../automation-api/bring-up-store.ts";
import type { Spec } from "../../../stores/spec.ts";
import { kubectl } from "../../helpers/kubectl.ts";
import type { Machine } from "../../helpers/machine.ts";
import { type ProgramRun, runPlatformProgram, runStoreProgram } from "../../helpers/store-program.ts";
import type { Policy } from "./cyclonus.ts";

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
/** What stands around a store before its release, by Pulumi's type. */
const WALLS: Readonly<Record<string, string>> = {
  "kubernetes:core/v1:Namespace": "v1",
  "kubernetes:core/v1:ResourceQuota": "v1",
  "kubernetes:core/v1:LimitRange": "v1",
  [POLICY]: "networking.k8s.io/v1",
};

/** What the store program declares around a store, in the order in which it does. */
export async function wallsOf(spec: Spec, { target }: Machine): Promise<object[]> {
  return declared(await runStoreProgram(spec.name, configOf(spec, target)), Object.keys(WALLS));
}

export async function policiesOfStore(spec: Spec, { target }: Machine): Promise<Policy[]> {
  return declared(await runStoreProgram(spec.name, configOf(spec, target)), [POLICY]) as Policy[];
}

/** Of the platform that was brought up from a folder of the machine, with the settings that are kept there. */
export async function policiesOfPlatform({ folder }: Machine): Promise<Policy[]> {
  const settings: { config: Record<string, unknown> } = parse(
    readFileSync(join(folder, "platform", "Pulumi.local.yaml"), "utf8"),
  );
  const config = Object.entries(settings.config)
    .filter(([, value]) => typeof value === "string")
    .map(([key, value]) => [key.replace(/^platform:/, ""), value]);
  return declared(await runPlatformProgram("local", Object.fromEntries(config)), [POLICY]) as Policy[];
}

function declared({ resources }: ProgramRun, types: readonly string[]): object[] {
  return resources
    .filter(({ type }) => types.includes(type))
    .map(({ type, plain }) => ({
      apiVersion: WALLS[type],
      kind: type.split(":").at(-1),
      metadata: plain.metadata,
      spec: plain.spec,
    }));
}

/** Names of policies that the cluster lacks, has otherwise, or has besides those that are declared. */
export async function strayPolicies(machine: Machine, policies: readonly Policy[]): Promise<string[]> {
  const namespaces = new Set(policies.map(({ metadata }) => metadata.namespace));
  const said = await kubectl(machine, "get", "networkpolicies", "--all-namespaces", "--output", "json");
  const there = (JSON.parse(said) as { items: Policy[] }).items.filter(({ metadata }) =>
    namespaces.has(metadata.namespace),
  );
  const name = ({ metadata }: Policy) => `${metadata.namespace}/${metadata.name}`;
  const isIn = (list: readonly Policy[], policy: Policy) =>
    list.some((one) => name(one) === name(policy) && isDeepStrictEqual(bare(one.spec), bare(policy.spec)));
  return [
    ...policies.filter((policy) => !isIn(there, policy)).map((policy) => `not there: ${name(policy)}`),
    ...there.filter((policy) => !isIn(policies, policy)).map((policy) => `not declared: ${name(policy)}`),
  ];
}

/** Without lists that are empty, which the API server leaves out. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(
    ([, field]) => field !== undefined && !(Array.isArray(field) && field.length === 0),
  );
  return Object.fromEntries(fields.map(([key, field]) => [key, bare(field)]));
}
