import type {
  OperationKind,
  OperationStatus,
  Progress,
  ProgressEvent,
} from "../../../automation-api/contract/operation.ts";

// What a made-up operation does, event by event.

interface Beat {
  readonly step: string;
  readonly kind: ProgressEvent["kind"];
  readonly text: string;
  readonly severity?: ProgressEvent["severity"];
}

const steps: Readonly<Record<OperationKind, Readonly<Record<string, string>>>> = {
  create: {
    prepare: "Prepare",
    isolation: "Fence off a namespace",
    credentials: "Make credentials",
    database: "Start the database",
    setup: "Set up the shop",
    server: "Start the server",
    storefront: "Open the storefront",
    proof: "Place a test order",
  },
  rotate: {
    prepare: "Prepare",
    credentials: "Make new secrets",
    release: "Start the servers with them",
    close: "Refuse the old ones",
    proof: "Place a test order",
  },
  delete: {
    prepare: "Prepare",
    release: "Take the store down",
    isolation: "Remove the namespace",
    verify: "Check that nothing is left",
  },
};

const beats: Readonly<Record<OperationKind, readonly Beat[]>> = {
  create: [
    { step: "prepare", kind: "step", text: "Prepare" },
    { step: "isolation", kind: "resource", text: "Namespace created" },
    { step: "isolation", kind: "resource", text: "ResourceQuota, LimitRange and 6 network policies created" },
    { step: "credentials", kind: "resource", text: "Secret store-credentials created" },
    { step: "database", kind: "pod", text: "postgres: starting" },
    { step: "database", kind: "pod", text: "redis: readiness probe failed, tried again", severity: "warning" },
    { step: "database", kind: "pod", text: "postgres: ready" },
    { step: "setup", kind: "pod", text: "medusa: setting up" },
    { step: "server", kind: "pod", text: "medusa: starting" },
    { step: "server", kind: "pod", text: "medusa: ready" },
    { step: "storefront", kind: "pod", text: "storefront: ready" },
    { step: "proof", kind: "message", text: "Test order #1 was placed, seen by the admin and cancelled again" },
  ],
  rotate: [
    { step: "prepare", kind: "step", text: "Prepare" },
    { step: "credentials", kind: "resource", text: "Secret store-credentials updated" },
    { step: "release", kind: "pod", text: "medusa: ready" },
    { step: "close", kind: "pod", text: "medusa: ready" },
    { step: "proof", kind: "message", text: "Test order #2 was placed, seen by the admin and cancelled again" },
  ],
  delete: [
    { step: "prepare", kind: "step", text: "Prepare" },
    { step: "release", kind: "resource", text: "Release deleted" },
    { step: "isolation", kind: "resource", text: "Namespace deleted" },
    { step: "verify", kind: "message", text: "Nothing of the store is left in the cluster" },
  ],
};

/** Events between the first (queued) and the last (final). */
export function beatsOf(kind: OperationKind): number {
  return beats[kind].length;
}

/** How far an operation is after `done` of its beats; `ended` when it is final. */
export function progressAt(kind: OperationKind, done: number, ended?: OperationStatus): Progress {
  const all = beats[kind];
  const keys = Object.keys(steps[kind]);
  const current = done === 0 ? -1 : keys.indexOf(all[Math.min(done, all.length) - 1]!.step);
  const failed = ended === "failed" || ended === "cancelled";
  return {
    fraction: ended === "succeeded" ? 1 : Math.min(0.97, done / (all.length + 1)),
    ...(ended === undefined && done > 0 ? { etaSeconds: (all.length - done) * 2 } : {}),
    steps: keys.map((key, index) => {
      const title = steps[kind][key]!;
      if (ended === "succeeded" || index < current) return { key, title, status: "done", seconds: 1.4 + index };
      if (index > current) return { key, title, status: "pending" };
      return { key, title, status: failed ? "failed" : "running", seconds: 0.8 };
    }),
  };
}

/** The event of a beat, counted from 0. */
export function eventOf(kind: OperationKind, beat: number, sequence: number, at: string): ProgressEvent {
  const { kind: about, text, severity = "info" } = beats[kind][beat]!;
  return { sequence, at, kind: about, severity, text, status: "running", progress: progressAt(kind, beat + 1) };
}
