import type { Connection } from "../database/connection.ts";
import type { HeldWork } from "../database/operation-repository.ts";
import type { FaultPoint } from "../fault-points.ts";
import type { StackEvent } from "../stack-runner.ts";
import type { Span } from "../tracing/tracing.ts";
import type { Run } from "./carry-out.ts";
import type { Reporter } from "./reporter.ts";
import { createRunLease } from "./run-lease.ts";
import type { Stop } from "./stop.ts";

interface RunForDependencies {
  readonly connection: Connection;
  readonly leaseSeconds: number;
  /** What the run is a part of. */
  readonly span: Span;
}

/** A run for an operation: under its lease, until it is stopped, told to its reporter. */
export function runFor(dependencies: RunForDependencies, work: HeldWork, stop: Stop, reporter: Reporter): Run {
  const { faults } = dependencies.connection;
  const { id, lease } = work;
  return {
    operation: id,
    span: dependencies.span,
    lease: createRunLease(dependencies, lease, stop),
    signal: stop.signal,
    onEvent: (event) => {
      const point = pointOf(event);
      if (point !== undefined) faults(point, id);
      reporter.onEvent(event);
    },
    onStage: (stage) => {
      if (stage === "verify") faults("run verify", id);
      reporter.onStage(stage);
    },
    onWarning: (text) => reporter.say({ kind: "message", severity: "warning", text }),
  };
}

function pointOf(event: StackEvent): FaultPoint | undefined {
  if (event.kind !== "resource" || event.phase === "failed") return undefined;
  const moment = event.phase === "started" ? "begun" : "done";
  return event.type.endsWith(":Release") ? `run release ${moment}` : `run resource ${moment}`;
}
