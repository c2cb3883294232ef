import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { folderTag } from "../../stores/images.ts";
import { cached } from "../lib/cache.ts";
import type { ToolchainContext } from "../lib/context.ts";
import { run } from "../lib/exec.ts";
import { repositoryRoot } from "../lib/paths.ts";

// What the built dashboard is made of: its sources, the contract, the pure store files the contract uses, its libraries.
const folders = ["web", "automation-api/contract"];
const files = ["package-lock.json", "stores/spec.ts", "stores/iso.ts"];

function tag(): string {
  const hash = createHash("sha256").update(folderTag(folders.map((folder) => join(repositoryRoot, folder))));
  for (const file of files) hash.update(readFileSync(join(repositoryRoot, file)));
  return hash.digest("hex").slice(0, 12);
}

/** The folder with the built dashboard: from the cache when nothing it is made of has changed. */
export function ensureDashboard(context: ToolchainContext): Promise<string> {
  return cached(context, join("dashboard", tag()), (folder) =>
    context.reporter.step("Build the dashboard", 15, async (step) => {
      const vite = join(repositoryRoot, "node_modules", "vite", "bin", "vite.js");
      // Vite empties the folder it writes into; ours is then moved to its place as a whole.
      const built = join(folder, ".built");
      await run(process.execPath, [vite, "build", "--outDir", built, "--emptyOutDir", "--logLevel", "warn"], {
        cwd: join(repositoryRoot, "web"),
        env: { NODE_ENV: "production" },
        log: step.log,
        signal: context.signal,
      });
      await cp(built, folder, { recursive: true });
      await rm(built, { recursive: true });
    }),
  );
}
