import { z } from "zod";
import { STORE_LABEL } from "../names.ts";
import { type Declared, metadataOf, podOf, type Rule } from "./declared.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const QUOTA = "kubernetes:core/v1:ResourceQuota";
const LIMITS = "kubernetes:core/v1:LimitRange";
const VOLUME_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";

const policySchema = z.looseObject({
  podSelector: z.looseObject({}).default({}),
  policyTypes: z.array(z.string()).default([]),
  ingress: z.array(z.unknown()).default([]),
  egress: z.array(z.unknown()).default([]),
});

/** Whether a policy denies every connection, in and out, of every pod. */
function deniesAll({ props }: Declared): boolean {
  const { podSelector, policyTypes, ingress, egress } = policySchema.parse(props.spec ?? {});
  const isForAll = Object.keys(podSelector).length === 0;
  return (
    isForAll &&
    ["Ingress", "Egress"].every((type) => policyTypes.includes(type)) &&
    ingress.length + egress.length === 0
  );
}

const namespacesOfStores = (resources: readonly Declared[]) =>
  resources
    .filter((each) => each.type === NAMESPACE && STORE_LABEL in metadataOf(each).labels)
    .map((each) => metadataOf(each).name);

/** Says of each namespace of a store that it lacks something. */
function without(
  resources: readonly Declared[],
  isIt: (resource: Declared) => boolean,
  say: (namespace: string) => string,
): readonly string[] {
  const has = new Set(resources.filter(isIt).map((each) => metadataOf(each).namespace));
  return namespacesOfStores(resources).flatMap((name) => (has.has(name) ? [] : [say(String(name))]));
}

/** What a stack as a whole keeps to, by the name of the rule. */
export const stackRules: Readonly<Record<string, Rule<readonly Declared[]>>> = {
  "default-deny": {
    description: "In the namespace of a store every connection is denied that is not allowed by name.",
    violations: (resources) =>
      without(
        resources,
        (each) => each.type === POLICY && deniesAll(each),
        (name) => `${name} has no NetworkPolicy that denies everything: declare default-deny.`,
      ),
  },
  "bounded-stores": {
    description: "The namespace of a store has a quota, and limits for containers that say none.",
    violations: (resources) => [
      ...without(
        resources,
        ({ type }) => type === QUOTA,
        (name) => `${name} has no ResourceQuota: declare one.`,
      ),
      ...without(
        resources,
        ({ type }) => type === LIMITS,
        (name) => `${name} has no LimitRange: declare one.`,
      ),
    ],
  },
  "tokenless-stores": {
    description: "Pods of a store have no token of the cluster.",
    violations: (resources) => {
      const stores = namespacesOfStores(resources);
      return resources
        .filter((each) => stores.includes(metadataOf(each).namespace) && podOf(each)?.automountServiceAccountToken)
        .map((each) => `${metadataOf(each).name} gets a token: set automountServiceAccountToken to false.`);
    },
  },
  "volumes-of-releases": {
    description: "The volumes of a store belong to its release, which never replaces them.",
    violations: (resources) => {
      const stores = namespacesOfStores(resources);
      return resources
        .filter((each) => each.type === VOLUME_CLAIM && stores.includes(metadataOf(each).namespace))
        .map((each) => `The claim ${metadataOf(each).name} would be replaced with its data: leave it to the chart.`);
    },
  },
};
