import { type Examples, of, type Series } from "./example.ts";

const failed = (series: Series) => of("storefleet_operations_total", series);
const creations = 'kind="create",outcome="failed"';
const takeOvers = (series: Series) => of("storefleet_take_overs_total", series);

export const ofOperations: Readonly<Record<string, Examples>> = {
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
};
