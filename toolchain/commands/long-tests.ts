import { ToolchainProblem } from "../lib/problem.ts";

/** A proof that takes too long for every day: which tests, and what makes those longer that run every day. */
export interface LongPart {
  readonly files: readonly string[];
  readonly projects: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const longParts = [
  "kill",
  "canary",
  "fuzz",
  "soak",
  "model",
  "platform",
  "certificates",
  "woocommerce",
] as const;

export type LongPartName = (typeof longParts)[number];

export const longDefinitions: Readonly<Record<LongPartName, LongPart>> = {
  kill: {
    files: [
      ...["kill-matrix.cluster", "database-away.database", "api-kill.database", "cluster-away.proof"],
      "database-failover.proof",
    ],
    projects: ["database", "cluster", "proof"],
    env: {
      STOREFLEET_TEST_KILLED_STORES: "200",
      STOREFLEET_TEST_AWAY: "60",
      STOREFLEET_TEST_POSTS: "1000",
      STOREFLEET_TEST_API_LIFE: "2000",
    },
  },
  canary: { files: ["canary.proof"], projects: ["proof"], env: {} },
  fuzz: { files: ["fuzz.proof"], projects: ["proof"], env: {} },
  soak: { files: ["soak.proof"], projects: ["proof"], env: {} },
  platform: {
    files: [
      ...["backup.platform", "hang.platform", "kill.platform", "permissions.platform", "platform.platform"],
      ...["stores/rotation.proof", "vault.proof", "cert-manager.proof", "strange-kinds.proof"],
      ...["alert-rules.proof", "prometheus.proof", "storefronts.proof", "dashboards.proof", "log-collection.proof"],
      ...["infra/monitors.platform", "cluster-measures.proof"],
      ...["isolation/walls.platform", "isolation/first-moments.proof"],
      ...["automation-api/upgrade.proof", "infra/passphrase.proof", "infra/full-disk.proof"],
      ...["second-cluster.proof", "infra/second-cluster.platform", "many-elsewhere.proof"],
      "store-policies/policies.proof",
      ...["infra/restore.proof", "store-drills.proof", "node-loss.proof"],
    ],
    projects: ["platform", "proof"],
    env: {},
  },
  certificates: { files: ["certificates.proof"], projects: ["proof"], env: {} },
  woocommerce: {
    files: [
      ...["woocommerce-upgrade.proof", "setup-killed.proof", "woocommerce-rotation.proof"],
      ...["woocommerce-restore.proof", "mariadb.proof"],
    ],
    projects: ["proof"],
    env: {},
  },
  model: { files: ["model.database"], projects: ["database"], env: { STOREFLEET_TEST_SEQUENCES: "10000" } },
};

/**
 * What vitest is told to run for a proof: all of it, or the files whose name holds `word`. Throws a ToolchainProblem when it has
 * no such file.
 */
export function longArguments(part: LongPartName, word: string | undefined): string[] {
  const { files, projects } = longDefinitions[part];
  const named = projects.flatMap((project) => ["--project", project]);
  if (word === undefined) return [...named, ...files];
  const chosen = files.filter((file) => file.includes(word));
  if (chosen.length > 0) return [...named, ...chosen];
  throw new ToolchainProblem(`No file of "${part}" has "${word}" in its name.`, `Choose from: ${files.join(", ")}.`);
}
