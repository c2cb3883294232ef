import { API_JOB } from "../../../infra/observability/jobs.ts";
import { type Examples, of } from "./example.ts";

export const ofControlPlane: Readonly<Record<string, Examples>> = {
  StorefleetWorkerSilent: {
    fires: [
      {
        when: "a worker hangs, and nobody is there to take over",
        series: of("storefleet_worker_silent_seconds", {
          'worker="worker-0/7",pod="api-1"': "2 30 90 150+60x9 1",
          'worker="worker-1/7",pod="api-1"': "2x20",
        }),
        from: 2,
        labels: { worker: "worker-0/7" },
        summary: "The worker worker-0/7 was not heard of for 2m 30s, and no other took over.",
        until: 13,
      },
      {
        when: "it hangs while the pod that told of it is replaced",
        series: of("storefleet_worker_silent_seconds", {
          'worker="worker-0/7",pod="api-1"': "2 62 stale",
          'worker="worker-0/7",pod="api-2"': "_ _ 122+60x9",
        }),
        from: 1,
        labels: { worker: "worker-0/7" },
        summary: "The worker worker-0/7 was not heard of for 2m 2s, and no other took over.",
      },
    ],
    silent: [
      {
        when: "another takes over",
        series: of("storefleet_worker_silent_seconds", { 'worker="worker-0/7"': "2 70 stale _x20" }),
      },
      {
        when: "it is heard of every minute",
        series: of("storefleet_worker_silent_seconds", { 'worker="w/7"': "60x20" }),
      },
      {
        when: "it has only just been away",
        series: of("storefleet_worker_silent_seconds", { 'worker="w/7"': "2 70 1x9" }),
      },
    ],
  },
  StorefleetNoWorker: {
    fires: [
      {
        when: "the last worker has signed off",
        series: of("storefleet_workers", { 'pod="api-1"': "2 1 0x9 1", 'pod="api-2"': "2 1 0x9 1" }),
        from: 2,
        labels: {},
        summary: "There is no worker: operations wait.",
        until: 12,
      },
    ],
    silent: [
      { when: "one takes the place of another", series: of("storefleet_workers", { "": "1 0 0 1x9" }) },
      {
        when: "the database is away, so that nobody knows",
        series: { ...of("storefleet_workers", { "": "1 _x9" }), ...of("storefleet_database_up", { "": "1 0x9" }) },
      },
    ],
  },
  StorefleetDatabaseAway: {
    fires: [
      {
        when: "no pod reaches it",
        series: of("storefleet_database_up", { 'pod="api-1"': "1 0x9 1", 'pod="api-2"': "1 1 0x9" }),
        from: 2,
        labels: {},
        summary: "The control plane's database does not answer. Stores go on selling.",
        until: 11,
      },
    ],
    silent: [
      {
        when: "one pod does not reach it",
        series: of("storefleet_database_up", { 'pod="api-1"': "0x20", 'pod="api-2"': "1x20" }),
      },
      {
        when: "its primary is replaced within a minute",
        series: of("storefleet_database_up", { 'pod="api-1"': "1 0 1x9" }),
      },
    ],
  },
  StorefleetApiAway: {
    fires: [
      {
        when: "no pod answers",
        series: of("up", { [`job="${API_JOB}",pod="api-1"`]: "1 0x9", [`job="${API_JOB}",pod="api-2"`]: "1 0x8 1" }),
        from: 1,
        labels: {},
        summary: "No pod of the API answers Prometheus. Stores go on selling.",
        until: 10,
      },
      {
        when: "there is no pod",
        series: of("up", { [`job="${API_JOB}",pod="api-1"`]: "1 1 stale", 'job="another"': "1x9" }),
        from: 2,
        labels: {},
        summary: "No pod of the API answers Prometheus. Stores go on selling.",
      },
      {
        when: "there never was one",
        series: of("up", { 'job="another"': "1x9" }),
        from: 0,
        labels: {},
        summary: "No pod of the API answers Prometheus. Stores go on selling.",
      },
    ],
    silent: [
      {
        when: "one of two answers",
        series: of("up", { [`job="${API_JOB}",pod="api-1"`]: "0x20", [`job="${API_JOB}",pod="api-2"`]: "1x20" }),
      },
      {
        when: "all are replaced",
        series: of("up", {
          [`job="${API_JOB}",pod="api-1"`]: "1 0 stale _x9",
          [`job="${API_JOB}",pod="api-2"`]: "_x3 1x9",
        }),
      },
    ],
  },
};
