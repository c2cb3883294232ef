import { STOREFRONTS_JOB } from "../../../infra/observability/jobs.ts";
import { day, type Examples, moment, of, type Series, staying } from "./example.ts";

const probes = (series: Series, measure = "probe_success") =>
  of(
    measure,
    Object.fromEntries(Object.entries(series).map(([more, values]) => [`job="${STOREFRONTS_JOB}",${more}`, values])),
  );
const shop = 'store="shop",engine="medusa",plan="basic",instance="https://shop.example.com"';
const ofShop = { store: "shop", instance: "https://shop.example.com" };

export const ofStores: Readonly<Record<string, Examples>> = {
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
        series: probes({ [shop]: `${moment(day)}x59 ${staying(moment(90 * day))}` }, "probe_ssl_earliest_cert_expiry"),
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
        series: {
          ...of("storefleet_stores", { 'status="ready"': "0 1x30" }),
          ...probes({ [shop]: "_x11 1x30" }, "up"),
        },
      },
    ],
  },
};
