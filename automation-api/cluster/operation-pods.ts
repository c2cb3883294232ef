import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { PodRun } from "../pod-run.ts";
import { FENCING_VARIABLE, OPERATION_VARIABLE } from "../stack-runner.ts";
import type { ApiServer } from "./api-server.ts";
import { listOf } from "./list-of.ts";

const OPERATION_LABEL = "storefleet.dev/operation";
const FENCING_LABEL = "storefleet.dev/fencing";
/** Names of operations' Jobs, and so of their pods, begin so. */
const PREFIX = "operation-";

/** Milliseconds that one answer may take, and between two looks at what has no news of its own. */
const PATIENCE = 20_000;
const LOOK = 200;
/** How long a pod that was killed may take to be gone, in milliseconds. */
const GONE = 90_000;

/** Which pods are meant: all of an operation, or those of one of its runs. */
export interface PodMark {
  readonly operation: string;
  readonly fencing?: string | undefined;
}

/** Pods in which operations run, each made by a Job of its own. */
export interface OperationPods {
  /** Makes a pod for a run; gives the name of its Job. */
  start(run: PodRun, mark: Required<PodMark>): Promise<string>;
  /** What the pod writes, line by line, until it has ended. */
  follow(job: string, signal: AbortSignal): AsyncIterable<unknown>;
  /** Removes the Job: its pod is asked to stop, and killed after its grace period. */
  remove(job: string): Promise<void>;
  /** Removes all Jobs of a run and waits until no pod of it is left. Throws when one still is after a minute and a half. */
  end(mark: PodMark): Promise<void>;
  /** Runs whose pods are there, whoever made them. */
  running(): Promise<readonly Required<PodMark>[]>;
}

const jobSchema = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }),
      spec: z.looseObject({ containers: z.array(z.looseObject({ env: z.array(z.unknown()).default([]) })) }),
    }),
  }),
});
const podsSchema = listOf(
  z.object({
    metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
    status: z.object({ phase: z.string().default("Pending") }).default({ phase: "Pending" }),
  }),
);

/** The Job of one run, from the template that the platform gives. */
export function jobOf(template: unknown, name: string, run: PodRun, mark: Required<PodMark>): object {
  const job = jobSchema.parse(template);
  const labels = { [OPERATION_LABEL]: mark.operation, [FENCING_LABEL]: mark.fencing };
  const env = {
    STOREFLEET_RUN: JSON.stringify(run),
    [OPERATION_VARIABLE]: mark.operation,
    [FENCING_VARIABLE]: mark.fencing,
  };
  const variables = Object.entries(env).map(([variable, value]) => ({ name: variable, value }));
  const { template: pod } = job.spec;
  const containers = pod.spec.containers.map((each) => ({ ...each, env: [...each.env, ...variables] }));
  return {
    ...job,
    metadata: { ...job.metadata, name, labels: { ...job.metadata.labels, ...labels } },
    spec: {
      ...job.spec,
      template: {
        ...pod,
        metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } },
        spec: { ...pod.spec, containers },
      },
    },
  };
}

/** Whether a machine that held a lock is the pod of an operation that is no more. Of other machines nothing is known. */
export async function hostGone(server: ApiServer, namespace: string, hostname: string): Promise<boolean> {
  if (!hostname.startsWith(PREFIX)) return false;
  return (
    (await server.get(`/api/v1/namespaces/${namespace}/pods/${hostname}`, AbortSignal.timeout(PATIENCE))) === undefined
  );
}

/**
 * @param templateFile file with the Job as the platform wants it, without a name and without what is to be run
 * @param namespace where the Jobs are made
 */
export function createOperationPods(
  server: () => Promise<ApiServer>,
  templateFile: string,
  namespace: string,
): OperationPods {
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const soon = () => AbortSignal.timeout(PATIENCE);
  const removal = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };
  const list = async (selector: string) => {
    const found = await (await server()).get(`${pods}?labelSelector=${encodeURIComponent(selector)}`, soon());
    return podsSchema.parse(found).items;
  };
  const selectorOf = ({ operation, fencing }: PodMark) =>
    `${OPERATION_LABEL}=${operation}${fencing === undefined ? "" : `,${FENCING_LABEL}=${fencing}`}`;

  /** The pod of a Job once its container has begun; `undefined` when there is none any more. */
  async function begun(job: string, signal: AbortSignal): Promise<string | undefined> {
    let wasThere = false;
    for (;;) {
      const [pod] = await list(`batch.kubernetes.io/job-name=${job}`);
      if (pod !== undefined && pod.status.phase !== "Pending") return pod.metadata.name;
      if (pod === undefined && wasThere) return undefined;
      wasThere ||= pod !== undefined;
      await sleep(LOOK, undefined, { signal });
    }
  }

  return {
    async start(run, mark) {
      const job = `${PREFIX}${mark.operation.slice(0, 8)}-${run.command}-${randomBytes(3).toString("hex")}`;
      const template: unknown = JSON.parse(readFileSync(templateFile, "utf8"));
      await (await server()).post(jobs, jobOf(template, job, run, mark), soon());
      return job;
    },
    async *follow(job, signal) {
      const pod = await begun(job, signal);
      if (pod !== undefined) yield* (await server()).follow(`${pods}/${pod}/log?follow=true`, signal);
    },
    remove: async (job) => (await server()).remove(`${jobs}/${job}`, removal, soon()),
    async end(mark) {
      const selector = selectorOf(mark);
      const deadline = Date.now() + GONE;
      await (await server()).remove(`${jobs}?labelSelector=${encodeURIComponent(selector)}`, removal, soon());
      for (let left = await list(selector); left.length > 0; left = await list(selector)) {
        if (Date.now() > deadline) throw new Error(`Pods of the operation ${mark.operation} cannot be ended.`);
        await sleep(LOOK);
      }
    },
    async running() {
      const found = await list(OPERATION_LABEL);
      return found
        .filter(({ status }) => status.phase === "Pending" || status.phase === "Running")
        .map(({ metadata: { labels } }) => ({
          operation: labels[OPERATION_LABEL] ?? "",
          fencing: labels[FENCING_LABEL] ?? "",
        }));
    },
  };
}
