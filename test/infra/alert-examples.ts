import { API_JOB, STOREFRONTS_JOB } from "../../infra/observability/jobs.ts";

// When each alert is to fire, and when it is not, as samples that Prometheus would have taken. One sample a minute, the first
// at START, in promtool's notation: `1 2x3` is 1 2 2 2 2, `1+2x3` is 1 3 5 7, `_` is none, `stale` an end.

export const START = "2026-11-21T12:00:00Z";

export type Series = Readonly<Record<string, string>>;

export interface Firing {
  readonly when: string;
  readonly series: Series;
  /** Minute in which it first holds. It fires when it has held for as long as the alert says. */
  readonly from: number;
  /** Those that tell what it is about. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Minute in which it is over. */
  readonly until?: number;
}

export interface Silent {
  readonly when: string;
  readonly series: Series;
}

interface Examples {
  readonly fires: readonly [Firing, ...Firing[]];
  readonly silent: readonly [Silent, ...Silent[]];
}

/** Values of one measure, by labels as they are written in PromQL. */
const of = (measure: string, series: Series): Series =>
  Object.fromEntries(Object.entries(series).map(([labels, values]) => [`${measure}{${labels}}`, values]));

const day = 86_400;
/** Moments so many seconds after the first sample, which then stay. */
const moment = (seconds: number) => Date.parse(START) / 1000 + seconds;
const staying = (value: number) => `${value}x200`;

const failed = (series: Series) => of("storefleet_operations_total", series);
const creations = 'kind="create",outcome="failed"';
const takeOvers = (series: Series) => of("storefleet_take_overs_total", series);
const probes = (series: Series, measure = "probe_success") =>
  of(
    measure,
    Object.fromEntries(Object.entries(series).map(([more, values]) => [`job="${STOREFRONTS_JOB}",${more}`, values])),
  );
const shop = 'store="shop",engine="medusa",plan="basic",instance="https://shop.example.com"';
const ofShop = { store: "shop", instance: "https://shop.example.com" };
const certificates = (series: Series) => of("certmanager_certificate_expiration_timestamp_seconds", series);
const claim = (node: string) =>
  `job="kubelet",node="${node}",namespace="store-shop",persistentvolumeclaim="data-postgres-0"`;
/** Of a hundred bytes, so many are available. */
const volume = (available: Series): Series => ({
  ...of("kubelet_volume_stats_available_bytes", available),
  ...of("kubelet_volume_stats_capacity_bytes", Object.fromEntries(Object.keys(available).map((of) => [of, "100x60"]))),
});
const ofClaim = { namespace: "store-shop", persistentvolumeclaim: "data-postgres-0" };

export const alertExamples: Readonly<Record<string, Examples>> = {
  StorefleetOperationsFail: {
    fires: [
      {
        when: "three creations fail, which both pods of the API tell",
        series: failed({
          [`${creations},pod="api-1"`]: "7 7 8 9 10x40",
          [`${creations},pod="api-2"`]: "7 7 7 9 9 10x39",
        }),
        from: 4,
        labels: { kind: "create" },
        summary: "3 operations (create) failed within half an hour.",
        until: 33,
      },
      {
        when: "the first ones ever fail, all within a minute",
        series: failed({ 'kind="delete",outcome="failed"': "0 5x40" }),
        from: 1,
        labels: { kind: "delete" },
        summary: "5 operations (delete) failed within half an hour.",
      },
      {
        when: "three fail, and the database was away meanwhile",
        series: failed({ [creations]: "7 8 _x8 10x30" }),
        from: 10,
        labels: { kind: "create" },
        summary: "3 operations (create) failed within half an hour.",
      },
    ],
    silent: [
      { when: "two fail", series: failed({ [creations]: "7 7 8 9x40" }) },
      {
        when: "two of each kind fail",
        series: failed({ [creations]: "0 2x40", 'kind="delete",outcome="failed"': "0 2x40" }),
      },
      { when: "three fail in the course of an hour", series: failed({ [creations]: "0x19 1x19 2x19 3x60" }) },
      { when: "ten succeed", series: failed({ 'kind="create",outcome="succeeded"': "0 10x40" }) },
      {
        when: "a pod takes the place of another, and begins with what has failed ever since",
        series: failed({ [`${creations},pod="api-1"`]: "500x10 stale", [`${creations},pod="api-2"`]: "_x9 500x40" }),
      },
      {
        when: "the database forgets the last of them, as after a fail-over",
        series: failed({ [creations]: "500x10 499x40" }),
      },
    ],
  },
  StorefleetQueueGrowsOld: {
    fires: [
      {
        when: "an operation waits and waits",
        series: of("storefleet_queue_age_seconds", { 'pod="api-1"': "0+60x30", 'pod="api-2"': "0 0+60x29" }),
        from: 11,
        labels: {},
        summary: "The oldest operation has waited for 16m 0s.",
      },
    ],
    silent: [
      {
        when: "it begins after a quarter of an hour",
        series: of("storefleet_queue_age_seconds", { "": "0+60x15 0x20" }),
      },
      { when: "every one waits for ten minutes", series: of("storefleet_queue_age_seconds", { "": "600x40" }) },
    ],
  },
  StorefleetTakeOvers: {
    fires: [
      {
        when: "workers die with three operations, whatever their kind",
        series: takeOvers({ 'kind="create",pod="api-1"': "4 5 6x40", 'kind="delete",pod="api-1"': "0 0 1x40" }),
        from: 2,
        labels: {},
        summary: "3 operations were taken over from workers that died, within half an hour.",
        until: 31,
      },
    ],
    silent: [
      { when: "one dies with two", series: takeOvers({ 'kind="create"': "4 5x40", 'kind="delete"': "0 1x40" }) },
      {
        when: "a pod of the API is replaced",
        series: takeOvers({ 'kind="create",pod="api-1"': "40x9 stale", 'kind="create",pod="api-2"': "_x9 40x40" }),
      },
    ],
  },
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
      { when: "one takes the place of another", series: of("storefleet_workers", { "": "1 0 1x9" }) },
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
          [`job="${API_JOB}",pod="api-1"`]: "1 0 stale",
          [`job="${API_JOB}",pod="api-2"`]: "_ _ 1x9",
        }),
      },
    ],
  },
  StorefleetStoreDown: {
    fires: [
      {
        when: "a store does not answer, and another does",
        series: probes({ [shop]: "1 1 0x9 1", 'store="fine",instance="https://fine.example.com"': "1x20" }),
        from: 2,
        labels: ofShop,
        summary: "The store shop does not answer at https://shop.example.com.",
        until: 12,
      },
    ],
    silent: [
      { when: "it answers again within five minutes", series: probes({ [shop]: "1 0x4 1x9" }) },
      { when: "it is deleted, or put to sleep", series: probes({ [shop]: "1 0x3 stale _x20" }) },
      {
        when: "what does not answer is nothing of ours",
        series: of("probe_success", { 'job="others",instance="x"': "0x20" }),
      },
    ],
  },
  StorefleetStoreCertificateExpires: {
    fires: [
      {
        when: "a certificate has less than two weeks left",
        series: probes({ [shop]: staying(moment(14 * day + 600)) }, "probe_ssl_earliest_cert_expiry"),
        from: 11,
        labels: ofShop,
        summary: "The certificate at https://shop.example.com runs out in 13d 22h 59m 0s.",
      },
      {
        when: "it has run out, and the exporter does not mind",
        series: probes({ [shop]: staying(moment(-day)) }, "probe_ssl_earliest_cert_expiry"),
        from: 0,
        labels: ofShop,
        summary: "The certificate at https://shop.example.com has run out.",
      },
    ],
    silent: [
      {
        when: "it has a month left",
        series: probes({ [shop]: staying(moment(30 * day)) }, "probe_ssl_earliest_cert_expiry"),
      },
      {
        when: "it is renewed within an hour",
        series: probes({ [shop]: `${moment(day)}x50 ${staying(moment(90 * day))}` }, "probe_ssl_earliest_cert_expiry"),
      },
    ],
  },
  StorefleetStoresNotProbed: {
    fires: [
      {
        when: "the exporter does not answer",
        series: { ...of("storefleet_stores", { 'status="ready"': "3x30" }), ...probes({ [shop]: "1 1 0x30" }, "up") },
        from: 2,
        labels: {},
        summary: "No storefront is probed, and 3 stores sell: nobody would be told that one is down.",
      },
      {
        when: "no storefront is found",
        series: of("storefleet_stores", { 'status="ready",pod="api-1"': "3x30", 'status="ready",pod="api-2"': "3x30" }),
        from: 0,
        labels: {},
        summary: "No storefront is probed, and 3 stores sell: nobody would be told that one is down.",
      },
    ],
    silent: [
      {
        when: "one is probed, whether it answers or not",
        series: {
          ...of("storefleet_stores", { 'status="ready"': "1x30" }),
          ...probes({ [shop]: "1x30" }, "up"),
          ...probes({ [shop]: "0x30" }),
        },
      },
      {
        when: "no store sells",
        series: of("storefleet_stores", { 'status="ready"': "0x30", 'status="creating"': "2x30" }),
      },
      {
        when: "the first store has only just come",
        series: { ...of("storefleet_stores", { 'status="ready"': "0 1x30" }), ...probes({ [shop]: "_x9 1x30" }, "up") },
      },
    ],
  },
  StorefleetCertificateExpires: {
    fires: [
      {
        when: "one of ours has less than two weeks left",
        series: certificates({
          'name="store-tls",exported_namespace="store-shop",namespace="cert-manager",pod="cert-manager-1"': staying(
            moment(14 * day + 600),
          ),
        }),
        from: 11,
        labels: { name: "store-tls", exported_namespace: "store-shop", namespace: "cert-manager" },
        summary: "The certificate store-tls in store-shop runs out in 13d 22h 59m 0s and was not renewed.",
      },
      {
        when: "Prometheus honours cert-manager's own label, and cert-manager is replaced meanwhile",
        series: certificates({
          'name="dashboard-tls",namespace="storefleet-system",pod="cert-manager-1"': `${moment(-60)}x30 stale`,
          'name="dashboard-tls",namespace="storefleet-system",pod="cert-manager-2"': `_x29 ${staying(moment(-60))}`,
        }),
        from: 0,
        labels: { name: "dashboard-tls", namespace: "storefleet-system" },
        summary: "The certificate dashboard-tls in storefleet-system has run out and was not renewed.",
      },
      {
        when: "one is asked for and never comes",
        series: certificates({
          'name="store-tls",exported_namespace="store-shop",namespace="cert-manager"': "_x9 0x200",
        }),
        from: 9,
        labels: { name: "store-tls", exported_namespace: "store-shop", namespace: "cert-manager" },
        summary: "The certificate store-tls in store-shop was never issued.",
      },
    ],
    silent: [
      {
        when: "it has a month left",
        series: certificates({ 'name="store-tls",exported_namespace="store-shop"': staying(moment(30 * day)) }),
      },
      {
        when: "it comes within an hour",
        series: certificates({
          'name="store-tls",exported_namespace="store-shop"': `0x50 ${staying(moment(90 * day))}`,
        }),
      },
      {
        when: "it is nothing of ours",
        series: certificates({ 'name="theirs",exported_namespace="default",namespace="cert-manager"': "0x200" }),
      },
    ],
  },
  StorefleetVolumeFills: {
    fires: [
      {
        when: "a store's volume has less than 15 % left",
        series: volume({ [claim("one")]: "16 15 14x40" }),
        from: 2,
        labels: ofClaim,
        summary: "14% of store-shop/data-postgres-0 are left.",
      },
      {
        when: "its pod moves to another node meanwhile",
        series: volume({ [claim("one")]: "14x9 stale", [claim("two")]: "_x9 13x30" }),
        from: 0,
        labels: ofClaim,
        summary: "13% of store-shop/data-postgres-0 are left.",
      },
      {
        when: "it is the platform's own",
        series: volume({ 'namespace="storefleet-system",persistentvolumeclaim="state"': "10x40" }),
        from: 0,
        labels: { namespace: "storefleet-system", persistentvolumeclaim: "state" },
        summary: "10% of storefleet-system/state are left.",
      },
    ],
    silent: [
      { when: "there are 15 % left", series: volume({ [claim("one")]: "15x40" }) },
      { when: "there is room again within a quarter of an hour", series: volume({ [claim("one")]: "14x14 50x40" }) },
      {
        when: "it is nobody's of ours",
        series: volume({ 'namespace="default",persistentvolumeclaim="theirs"': "1x40" }),
      },
    ],
  },
  StorefleetVolumeFull: {
    fires: [
      {
        when: "there are less than 5 % left",
        series: volume({ [claim("one")]: "5 5 4x40" }),
        from: 2,
        labels: ofClaim,
        summary: "4% of store-shop/data-postgres-0 are left.",
      },
    ],
    silent: [{ when: "there are 5 % left", series: volume({ [claim("one")]: "5x40" }) }],
  },
};
