import type { EngineStep, Milestone } from "../../stores/engines/engine.ts";
import { engines } from "../../stores/engines/registry.ts";
import type { Engine } from "../../stores/spec.ts";
import type { OperationKind } from "../contract/operation.ts";

// What an operation consists of, in order.

export interface StepDefinition {
  /** Unique within the operation. */
  readonly key: string;
  /** What a person reads. */
  readonly title: string;
  /** How long it takes on two cores, as measured; earlier operations replace it. */
  readonly seconds: number;
  /** What ends it. Left out by steps that end with the resources they are about, or when the next one begins. */
  readonly until?: Milestone;
}

const deletion: readonly StepDefinition[] = [
  { key: "prepare", title: "Prepare", seconds: 1 },
  { key: "release", title: "Take the store down", seconds: 3 },
  { key: "isolation", title: "Remove the namespace", seconds: 4 },
  { key: "verify", title: "Check that nothing is left", seconds: 0.5 },
];

function creation(engineSteps: readonly EngineStep[]): readonly StepDefinition[] {
  return [
    { key: "prepare", title: "Prepare", seconds: 2.4 },
    { key: "isolation", title: "Fence off a namespace", seconds: 1.2 },
    { key: "credentials", title: "Make credentials", seconds: 0.7 },
    ...engineSteps,
    { key: "proof", title: "Place a test order", seconds: 2.2 },
  ];
}

const rotation: readonly StepDefinition[] = [
  { key: "prepare", title: "Prepare", seconds: 1 },
  { key: "credentials", title: "Make new secrets", seconds: 0.7 },
  { key: "release", title: "Start the servers with them", seconds: 14 },
  { key: "close", title: "Refuse the old ones", seconds: 14 },
  { key: "proof", title: "Place a test order", seconds: 2.2 },
];

/** The steps of an operation on a store of an engine. */
export function stepsOf(kind: OperationKind, engine: Engine): readonly StepDefinition[] {
  switch (kind) {
    case "create":
      return creation(engines[engine].steps);
    case "rotate":
      return rotation;
    case "delete":
      return deletion;
  }
}
