/** A proof that takes too long for every day: which tests, and what makes those longer that run every day. */
export interface LongPart {
  readonly files: readonly string[];
  readonly projects: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const longParts = ["kill", "canary", "fuzz", "soak", "model", "platform", "woocommerce"] as const;

export const longDefinitions: Readonly<Record<(typeof longParts)[number], LongPart>> = {
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
  platform: { files: [], projects: ["platform"], env: {} },
  woocommerce: { files: ["woocommerce-upgrade.proof", "setup-killed.proof"], projects: ["proof"], env: {} },
  model: { files: ["model.database"], projects: ["database"], env: { STOREFLEET_TEST_SEQUENCES: "10000" } },
};
