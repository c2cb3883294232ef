// A worker in a process of its own, so that a test can stop it (SIGSTOP), wake it (SIGCONT) and kill it. Its runs begin a
// process as Pulumi would and go on with commands until that ends; each command leaves a line in a file.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { connect } from "../../../automation-api/database/connection.ts";
import { marksOf, StackError } from "../../../automation-api/stack-runner.ts";
import { runWorker } from "../../../automation-api/worker/run-worker.ts";
import { parseTarget } from "../../../stores/target.ts";
import { FakeStackRunner, type Script } from "../fake-stack-runner.ts";

const [url = "", journal = "", leaseSeconds = "2"] = process.argv.slice(2);

const run: Script = async (_stack, options) => {
  const child = spawn("sleep", ["600"], { env: { ...process.env, ...marksOf(options) }, stdio: "ignore" });
  const ended = once(child, "exit");
  while (child.exitCode === null && child.signalCode === null) {
    await options.lease?.check();
    appendFileSync(journal, `${options.lease?.fencing} ${process.pid}\n`);
    options.onEvent?.({ kind: "message", severity: "warning", text: `by ${process.pid}` });
    await Promise.race([ended, sleep(50)]);
  }
  throw new StackError("killed", "The process has ended.");
};

const runner = new FakeStackRunner();
runner.onUp = run;
runner.onDestroy = run;
const worker = await runWorker({
  connection: connect(url),
  concurrency: 2,
  interval: 300,
  leaseSeconds: Number(leaseSeconds),
  second: 10,
  logger: pino({ level: "silent" }),
  watchPods: (_store, _onNews, signal) => sleep(2 ** 30, undefined, { signal }).catch(() => {}),
  tools: {
    runner,
    target: parseTarget({}),
    request: () => Promise.reject(new Error("nothing should be asked")),
    readCredentials: async () => undefined,
    leftOf: async () => [],
  },
});
process.stdout.write("ready\n");
await worker.failed;
// As `main.ts` does: a new process can go on.
await Promise.race([worker.stop(), sleep(5000)]);
process.exit(1);
