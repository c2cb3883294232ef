/** What the doctor says about one thing a machine needs. */
export interface Finding {
  readonly need: "pulumi" | "cluster" | "images" | "database";
  /** What would be used, in one sentence. */
  readonly choice: string;
  /** True when `npm start` can go on with it, even if it has to build or download first. */
  readonly ready: boolean;
  /** What is missing, one short phrase each. */
  readonly missing: readonly string[];
  /** The one command that mends it. */
  readonly remedy?: string;
}
