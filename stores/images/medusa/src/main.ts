import { enableCompileCache } from "node:module";
import { parseEnvironment } from "./environment.ts";

// The image carries a compile cache made at its build; without one this is a no-op.
enableCompileCache(process.env.NODE_COMPILE_CACHE);

// Also what no promise of ours sees, such as a connection lost between two queries.
process.on("uncaughtException", fail);
main(process.argv[2]).catch(fail);

async function main(role: string | undefined): Promise<void> {
  // As the first process of a container Node would ignore these; nothing before `serve` needs a longer goodbye.
  let stop: () => void = () => {
    process.stderr.write(`"${role ?? ""}" was told to stop before it was done; start it again to go on.\n`);
    process.exit(143);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop());

  const environment = parseEnvironment(role, process.env);
  // medusa-config.ts is loaded by Medusa itself and learns in this way what it is loaded for.
  process.env.STOREFLEET_ROLE = environment.role;
  if (environment.role === "setup") {
    const { setup } = await import("./setup/setup.ts");
    await setup(environment);
    process.exit(0);
  }
  const { serve } = await import("./http/serve.ts");
  const stopServing = await serve(environment);
  stop = () => void stopServing().finally(() => process.exit(0));
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? describe(error) : String(error)}\n`);
  process.exit(1);
}

function describe(error: Error): string {
  if (error.name === "EnvironmentProblem") return error.message;
  return `${error.stack ?? error.message}${error.cause instanceof Error ? `\nCause: ${error.cause.message}` : ""}`;
}
