import { expect, test } from "vitest";
import { k3dArguments, parseClusterList } from "../../../toolchain/cluster/k3d.ts";

test("the cluster's ports are published on loopback only", () => {
  const args = k3dArguments.create(8080);
  const published = args.filter((_arg, index) => args[index - 1] === "--port" || args[index - 1] === "--api-port");

  expect(published).toEqual(["127.0.0.1:6550", "127.0.0.1:8080:80@loadbalancer"]);
});

test("the user's own kubeconfig is left alone", () => {
  expect(k3dArguments.create(8080)).toContain("--kubeconfig-update-default=false");
});

test("every command names our cluster", () => {
  for (const args of [k3dArguments.start(), k3dArguments.stop(), k3dArguments.remove(), k3dArguments.kubeconfig()]) {
    expect(args).toContain("storefleet");
  }
});

test("images are looked up in the node and loaded from an archive", () => {
  expect(k3dArguments.hasImage("localhost/storefleet/redis:1").join(" ")).toBe(
    "exec k3d-storefleet-server-0 crictl inspecti --quiet localhost/storefleet/redis:1",
  );
  expect(k3dArguments.importImage("/tmp/redis.tar").join(" ")).toBe("image import /tmp/redis.tar --cluster storefleet");
});

test.each([
  ["running", [{ name: "storefleet", serversRunning: 1 }]],
  ["stopped", [{ name: "storefleet", serversRunning: 0 }]],
  ["absent", [{ name: "another", serversRunning: 1 }]],
])("a cluster is found %s", (state, list) => {
  expect(parseClusterList(JSON.stringify(list))).toBe(state);
});
