import { day, type Examples, moment, of, type Series, staying } from "./example.ts";

const certificates = (series: Series) => of("certmanager_certificate_expiration_timestamp_seconds", series);
const claim = (node: string) =>
  `job="kubelet",node="${node}",namespace="store-shop",persistentvolumeclaim="data-postgres-0"`;
/** Of a hundred bytes, so many are available. */
const volume = (available: Series): Series => ({
  ...of("kubelet_volume_stats_available_bytes", available),
  ...of("kubelet_volume_stats_capacity_bytes", Object.fromEntries(Object.keys(available).map((of) => [of, "100x60"]))),
});
const pressure = 'node="node-1",condition="DiskPressure"';
const ofClaim = { namespace: "store-shop", persistentvolumeclaim: "data-postgres-0" };

export const ofCluster: Readonly<Record<string, Examples>> = {
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
          'name="store-tls",exported_namespace="store-shop"': `0x59 ${staying(moment(90 * day))}`,
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
    silent: [
      { when: "there are 5 % left", series: volume({ [claim("one")]: "5x40" }) },
      { when: "there is room again within a quarter of an hour", series: volume({ [claim("one")]: "4x14 50x40" }) },
    ],
  },
  StorefleetDiskPressure: {
    fires: [
      {
        when: "the kubelet says so, and kube-state-metrics is replaced meanwhile",
        series: of("kube_node_status_condition", {
          [`${pressure},status="true",pod="one"`]: "0 1 stale _x9",
          [`${pressure},status="true",pod="two"`]: "_x2 1x9 0",
          [`${pressure},status="false",pod="one"`]: "1 0x9",
        }),
        from: 1,
        labels: { node: "node-1" },
        summary: "The disk of the node node-1 is almost full: its pods are being evicted.",
        until: 12,
      },
    ],
    silent: [
      { when: "there is room", series: of("kube_node_status_condition", { [`${pressure},status="false"`]: "1x9" }) },
      {
        when: "it is over at once",
        series: of("kube_node_status_condition", { [`${pressure},status="true"`]: "0 1 0x9" }),
      },
      {
        when: "it is memory that is short",
        series: of("kube_node_status_condition", { 'node="node-1",condition="MemoryPressure",status="true"': "1x9" }),
      },
    ],
  },
};
