import { type Environment, readEnvironment } from "./environment.ts";
import { type Paths, resolvePaths } from "./paths.ts";
import { createReporter, type Reporter } from "./progress.ts";

/** What every part of the toolchain is given. */
export interface ToolchainContext {
  readonly environment: Environment;
  readonly paths: Paths;
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C; long steps stop at it and leave nothing half-done behind. */
  readonly signal: AbortSignal;
}

/** Reads the environment, makes our folders, and reports on the terminal unless another reporter is given. */
export function createContext(options: { signal?: AbortSignal; reporter?: Reporter } = {}): ToolchainContext {
  const environment = readEnvironment();
  const paths = resolvePaths(environment);
  return {
    environment,
    paths,
    reporter: options.reporter ?? createReporter({ logs: paths.logs }),
    signal: options.signal ?? new AbortController().signal,
  };
}
