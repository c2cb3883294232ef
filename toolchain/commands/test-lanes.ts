/** Tests of one kind, one after the other: a project of `vitest.config.ts`, and the folders it is looked for in. */
export interface Stretch {
  readonly part: "cluster" | "conformance" | "end-to-end";
  readonly folders: readonly string[];
}

/**
 * What runs side by side, in lanes that take about as long. Two cores are busy with two of them for seven eighths of the
 * time; the third uses the rest.
 */
export const lanes: readonly (readonly Stretch[])[] = [
  [{ part: "cluster", folders: ["test/automation-api"] }],
  [{ part: "cluster", folders: ["test/infra", "test/stores", "test/toolchain"] }],
  [
    { part: "conformance", folders: ["test/conformance"] },
    { part: "end-to-end", folders: ["test/end-to-end"] },
  ],
];
