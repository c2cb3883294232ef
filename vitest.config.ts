import { defineConfig } from "vitest/config";

// Seven kinds of tests, told apart by file name:
//   *.test.ts          needs nothing but Node (and the helm binary for charts)  → npm run test:unit
//   web/*.test.tsx     the dashboard in a made-up browser (jsdom)             → also in npm run test:unit
//   *.database.test.ts a real PostgreSQL                                        → npm run test:database
//   conformance/       the pulumi executable against recordings of the real CLI
//   *.cluster.test.ts  a real cluster
//   *.platform.test.ts the platform in a real cluster                          → npm run test:platform
//   end-to-end/        a real cluster and a real browser
//   *.proof.test.ts    what takes long and is proved now and then: npm run test:kill, test:fuzz, test:soak …

// Files of one process share what they load: starting afresh for each costs more than the tests themselves. The time is a
// guard against what hangs, long enough for properties on a busy machine.
const shared = { isolate: false, testTimeout: 30_000 };

const real = { testTimeout: 600_000, hookTimeout: 1_200_000, fileParallelism: false, maxWorkers: 1 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          ...shared,
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/**/*.cluster.test.ts",
            "test/**/*.platform.test.ts",
            "test/**/*.database.test.ts",
            "test/**/*.proof.test.ts",
            "test/web/**",
            "test/conformance/**",
            "test/end-to-end/**",
          ],
        },
      },
      {
        test: {
          name: "web",
          ...shared,
          include: ["test/web/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          setupFiles: ["test/web/setup.ts"],
        },
      },
      {
        test: {
          name: "database",
          include: ["test/**/*.database.test.ts"],
          globalSetup: ["test/helpers/database-server.ts"],
          testTimeout: 30_000,
        },
      },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], ...real } },
      { test: { name: "cluster", include: ["test/**/*.cluster.test.ts"], exclude: ["test/conformance/**"], ...real } },
      {
        test: {
          name: "platform",
          include: ["test/**/*.platform.test.ts"],
          globalSetup: ["test/helpers/shared-platform.ts"],
          ...real,
        },
      },
      {
        test: {
          name: "end-to-end",
          include: ["test/end-to-end/**/*.test.ts"],
          globalSetup: ["test/helpers/database-server.ts"],
          ...real,
        },
      },
      {
        test: {
          name: "proof",
          include: ["test/**/*.proof.test.ts"],
          globalSetup: ["test/helpers/database-server.ts"],
          ...real,
        },
      },
    ],
  },
});
