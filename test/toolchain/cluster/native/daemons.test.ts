import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ciliumDaemon } from "../../../../toolchain/cluster/native/cilium.ts";
import { renderContainerdConfiguration } from "../../../../toolchain/cluster/native/containerd.ts";
import {
  apiServerDaemon,
  controllerManagerDaemon,
  schedulerDaemon,
} from "../../../../toolchain/cluster/native/control-plane.ts";
import { etcdDaemon } from "../../../../toolchain/cluster/native/etcd.ts";
import {
  kubeletDaemon,
  renderKubeletConfiguration,
  resolverFile,
} from "../../../../toolchain/cluster/native/kubelet.ts";
import { at, programs } from "./fixtures.ts";

const daemons = [
  etcdDaemon(at, programs),
  apiServerDaemon(at, programs),
  controllerManagerDaemon(at, programs),
  schedulerDaemon(at, programs),
  ciliumDaemon(at, programs, "/usr/bin"),
  kubeletDaemon(at, programs),
];

test.each(daemons)("$name listens on no address outside the cluster", ({ args }) => {
  expect(args.filter((arg) => arg.includes("0.0.0.0") || arg.includes("[::]"))).toEqual([]);
});

test.each(daemons)("$name keeps its files in our folder", ({ args }) => {
  const paths = args.flatMap((arg) => arg.match(/=(?:unix:\/\/)?(\/.*)$/)?.[1] ?? []);

  for (const path of paths) expect(path).toMatch(/^\/fleet\/cluster\//);
});

test("etcd syncs to the disk, so that stores survive a crash", () => {
  expect(etcdDaemon(at, programs).args.join(" ")).not.toContain("no-fsync");
});

test("only the front proxy may speak for others to the API server", () => {
  expect(apiServerDaemon(at, programs).args).toContain("--requestheader-allowed-names=front-proxy-client");
});

test("controller manager and scheduler open no port", () => {
  for (const daemon of [controllerManagerDaemon(at, programs), schedulerDaemon(at, programs)]) {
    expect(daemon.args).toContain("--secure-port=0");
  }
});

test("Cilium attaches to our own device only and finds the compiler first on its path", () => {
  const daemon = ciliumDaemon(at, programs, "/usr/bin");

  expect(daemon.args).toContain("--devices=storefleet0");
  expect(daemon.env?.PATH).toBe("/fleet/cluster/bin:/usr/bin");
});

describe("the kubelet's configuration", () => {
  const configuration = parse(renderKubeletConfiguration(at));

  test("listens on the node's address alone", () => {
    expect(configuration).toMatchObject({ address: "10.213.0.1", readOnlyPort: 0, healthzPort: 0 });
  });

  test("never collects images, which could not be pulled again", () => {
    expect(configuration.imageGCHighThresholdPercent).toBe(100);
  });

  test("admits nobody without a certificate or token", () => {
    expect(configuration.authentication.anonymous.enabled).toBe(false);
    expect(configuration.authorization.mode).toBe("Webhook");
  });

  test("gives pods the resolvers behind systemd's stub, where there is one", () => {
    expect(resolverFile(() => true)).toBe("/run/systemd/resolve/resolv.conf");
    expect(resolverFile(() => false)).toBe("/etc/resolv.conf");
  });
});

describe("containerd's configuration", () => {
  const text = renderContainerdConfiguration(at, "/usr/sbin/runc");

  test("does not lower the score of processes, which not every machine allows", () => {
    expect(text).toContain("restrict_oom_score_adj = true");
  });

  test("names no folder outside ours", () => {
    const paths = [...text.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1]);

    expect(paths.filter((path) => !path?.startsWith("/fleet/cluster/"))).toEqual(["/usr/sbin/runc"]);
  });
});
