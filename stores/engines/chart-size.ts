import { type ComponentSize, resourcesOf } from "../plans.ts";
import type { Rotation } from "./engine.ts";

/** A component's size in the words that every engine's chart uses in its `sizes`. */
export function chartSize(size: ComponentSize) {
  return {
    replicas: size.replicas,
    resources: resourcesOf(size),
    ...(size.autoscale === undefined
      ? {}
      : { autoscale: { maxReplicas: size.autoscale.maxReplicas, targetCpu: `${size.autoscale.targetCpu}m` } }),
    ...(size.storage === undefined ? {} : { storage: `${size.storage}Gi` }),
  };
}

/** The store's Secret in the words of every engine's chart. */
export function secretValue(name: string, { number, formerLogin }: Rotation) {
  return { name, rotation: number, formerLogin };
}
