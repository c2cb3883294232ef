import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { requireHttpPort, requireMachine } from "../../../../toolchain/cluster/native/machine.ts";
import type { ToolchainContext } from "../../../../toolchain/lib/context.ts";
import { ToolchainProblem } from "../../../../toolchain/lib/problem.ts";

const taken = createServer();
afterEach(() => taken.close());

async function takenPort(): Promise<number> {
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const withPort = (port: number) => ({ environment: { STOREFLEET_HTTP_PORT: port } }) as ToolchainContext;

test("a taken port is named, with the variable that changes it", async () => {
  const port = await takenPort();

  const problem: unknown = await requireHttpPort(withPort(port)).catch((thrown: unknown) => thrown);

  expect(problem).toBeInstanceOf(ToolchainProblem);
  expect((problem as ToolchainProblem).message).toContain(`Port ${port} of 127.0.0.1`);
  expect((problem as ToolchainProblem).remedy).toContain("STOREFLEET_HTTP_PORT");
});

test("a free port is no problem", async () => {
  const port = await takenPort();
  await new Promise((resolve) => taken.close(resolve));

  await expect(requireHttpPort(withPort(port))).resolves.toBeUndefined();
});

test.skipIf(process.getuid?.() !== 0)(
  "a home whose name is too long for sockets is refused before anything is made",
  async () => {
    const home = `/tmp/${"x".repeat(80)}`;

    await expect(requireMachine({ paths: { home, cluster: "/tmp" } } as ToolchainContext)).rejects.toThrow(
      /too long a name/,
    );
  },
);
