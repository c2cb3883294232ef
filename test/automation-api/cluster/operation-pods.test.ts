import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApiServer } from "../../../automation-api/cluster/api-server.ts";
import { createOperationPods, hostGone, jobOf } from "../../../automation-api/cluster/operation-pods.ts";
import type { PodRun } from "../../../automation-api/pod-run.ts";

const template = {
  kind: "Job",
  metadata: { namespace: "system", labels: { part: "operation" } },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { labels: { part: "operation" } },
      spec: { restartPolicy: "Never", containers: [{ name: "pulumi", env: [{ name: "PULUMI_HOME", value: "/tmp" }] }] },
    },
  },
};
const run: PodRun = { command: "destroy", stack: "demo" };
const mark = { operation: "0190abcd-ef", fencing: "7" };

describe("the Job of an operation", () => {
  it("is the platform's, with a name, marks to be found by, and what is to be run", () => {
    const labels = { part: "operation", "storefleet.dev/operation": "0190abcd-ef", "storefleet.dev/fencing": "7" };

    expect(jobOf(template, "operation-1", run, mark)).toEqual({
      kind: "Job",
      metadata: { namespace: "system", name: "operation-1", labels },
      spec: {
        backoffLimit: 0,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            containers: [
              {
                name: "pulumi",
                env: [
                  { name: "PULUMI_HOME", value: "/tmp" },
                  { name: "STOREFLEET_RUN", value: '{"command":"destroy","stack":"demo"}' },
                  { name: "STOREFLEET_OPERATION", value: "0190abcd-ef" },
                  { name: "STOREFLEET_FENCING", value: "7" },
                ],
              },
            ],
          },
        },
      },
    });
  });
});

describe("pods of operations", () => {
  let folder: string;
  let asked: string[];
  /** Answers to the list of pods, in order; the last one stays. */
  let phases: (string | undefined)[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "storefleet-pods-"));
    writeFileSync(join(folder, "job.json"), JSON.stringify(template));
    asked = [];
    phases = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function server(): ApiServer {
    return {
      async get(path) {
        asked.push(`GET ${path}`);
        if (path.endsWith("/operation-1-gone")) return undefined;
        const phase = phases.length > 1 ? phases.shift() : phases[0];
        const labels = { "storefleet.dev/operation": "0190abcd-ef", "storefleet.dev/fencing": "7" };
        return {
          items: phase === undefined ? null : [{ metadata: { name: "operation-1-x", labels }, status: { phase } }],
        };
      },
      async *follow(path) {
        asked.push(`FOLLOW ${path}`);
        yield { result: null };
      },
      post: async (path) => void asked.push(`POST ${path}`),
      put: async (path) => void asked.push(`PUT ${path}`),
      remove: async (path) => void asked.push(`DELETE ${path}`),
      close() {},
    };
  }
  const pods = () => createOperationPods(async () => server(), join(folder, "job.json"), "system");

  it("are made by a Job whose name tells the operation and the command", async () => {
    expect(await pods().start(run, mark)).toMatch(/^operation-0190abcd-destroy-[0-9a-f]{6}$/);
    expect(asked).toEqual(["POST /apis/batch/v1/namespaces/system/jobs"]);
  });

  it("are listened to as soon as they have begun", async () => {
    phases = [undefined, "Pending", "Running"];

    const lines = await Array.fromAsync(pods().follow("operation-1", new AbortController().signal));

    expect(lines).toEqual([{ result: null }]);
    expect(asked.at(-1)).toBe("FOLLOW /api/v1/namespaces/system/pods/operation-1-x/log?follow=true");
  });

  it("say nothing when they are removed before they begin", async () => {
    phases = ["Pending", undefined];

    expect(await Array.fromAsync(pods().follow("operation-1", new AbortController().signal))).toEqual([]);
  });

  it("are ended for certain: their end is waited for", async () => {
    phases = ["Running", "Running", undefined];

    await pods().end(mark);

    expect(asked[0]).toMatch(/^DELETE .*\/jobs\?labelSelector=.*0190abcd-ef.*fencing%3D7$/);
    expect(asked.filter((path) => path.startsWith("GET"))).toHaveLength(3);
  });

  it("count as running until they have ended", async () => {
    phases = ["Running"];
    expect(await pods().running()).toEqual([mark]);

    phases = ["Succeeded"];
    expect(await pods().running()).toEqual([]);
  });

  it("free a lock only when they are known to be gone", async () => {
    expect(await hostGone(server(), "system", "operation-1-gone")).toBe(true);
    expect(await hostGone(server(), "system", "operation-1-x")).toBe(false);
    expect(await hostGone(server(), "system", "anns-laptop")).toBe(false);
  });
});
