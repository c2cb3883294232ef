/** Tests of one kind, one after the other: a project of `vitest.config.ts`, and the folders it is looked for in. */
export interface Stretch {
  readonly part: "cluster" | "conformance" | "end-to-end";
  readonly folders: readonly string[];
}

/**
 * What runs side by side, in two lanes that take about as long. Most of the time is waiting for the cluster, but two cores
 * are too few for more lanes.
 */
export const lanes: readonly (readonly Stretch[])[] = [
  [
    { part: "cluster", folders: ["test/automation-api"] },
    { part: "end-to-end", folders: ["test/end-to-end"] },
  ],
  [
    { part: "cluster", folders: ["test/infra", "test/stores", "test/toolchain"] },
    { part: "conformance", folders: ["test/conformance"] },
  ],
];
