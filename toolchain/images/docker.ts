import { join } from "node:path";
import type { ToolchainContext } from "../lib/context.ts";
import { run, succeeds } from "../lib/exec.ts";
import type { Builder, BuildOrder } from "./builder.ts";

/** Whether a Docker daemon answers within a few seconds. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutSeconds: 5 });
}

/** `docker` arguments for a build. The base images are the official ones named in the Dockerfiles. */
export function dockerBuildArguments(order: BuildOrder): string[] {
  const base = order.on === undefined ? [] : ["--build-arg", `BASE=${order.on}`];
  return ["build", ...base, "--tag", order.reference, "--file", join(order.folder, "Dockerfile"), order.folder];
}

/** Builds with the machine's Docker daemon, whose own layer cache makes repeated builds fast. */
export function createDockerBuilder(context: ToolchainContext): Builder {
  const docker = (args: readonly string[], log: string) => run("docker", args, { log, signal: context.signal });
  return {
    kind: "docker",
    async build(order, step) {
      await docker(dockerBuildArguments(order), step.log);
    },
    async save(reference, archive, step) {
      await docker(["save", "--output", archive, reference], step.log);
    },
    async load(archive, step) {
      await docker(["load", "--input", archive], step.log);
    },
    async push(reference, step) {
      await docker(["push", reference], step.log);
    },
  };
}
