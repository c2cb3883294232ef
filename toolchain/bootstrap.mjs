// The only file that an unprepared machine runs: plain JavaScript, no dependencies, Node 20 or newer.
// It installs the dependencies when they are missing or older than the lockfile, then runs the given
// TypeScript file with the Node 24 that the dependencies bring along.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function needsInstall() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed) || !existsSync(node)) return true;
  return statSync(join(root, "package-lock.json")).mtimeMs > statSync(installed).mtimeMs;
}

/**
 * Runs a program in our terminal and resolves with its exit code. It gets a session of its own and every signal from
 * us, once: a terminal sends Ctrl-C to all our processes, npm may send it again, and Pulumi takes a second one as an
 * order to stop at once.
 */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: "inherit",
      detached: process.stdin.isTTY === true,
      ...options,
    });
    let lastSignal = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        if (Date.now() - lastSignal > 500) child.kill(signal);
        lastSignal = Date.now();
      });
    }
    child.on("error", (error) => fail(`Could not start ${command}: ${error.message}.`));
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail("usage: node toolchain/bootstrap.mjs <script.ts> [arguments]");
if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(
    `Storefleet needs Node 20 or newer, this is ${process.version}. Install a current Node and run the command again.`,
  );
}
if (needsInstall()) {
  process.stderr.write("Installing dependencies (about half a minute, once) …\n");
  const code = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    shell: process.platform === "win32",
  });
  if (code !== 0)
    fail("The dependencies could not be installed. Check that npm reaches its registry, then run the command again.");
}
// Everything below shares its compiled code; it goes away with the dependencies.
const env = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node-compile"), ...process.env };
process.exit(await run(node, [join(root, script), ...args], { env }));
