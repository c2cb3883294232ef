import { describe, expect, test } from "vitest";
import { hierarchies } from "../../../../toolchain/cluster/native/cgroups.ts";
import { decodeItems, encodeRequest } from "../../../../toolchain/cluster/native/cri.ts";
import { firewallRules } from "../../../../toolchain/cluster/native/firewall.ts";
import { foreignHomes } from "../../../../toolchain/cluster/native/foreign.ts";
import { mountsBelow } from "../../../../toolchain/cluster/native/mounts.ts";
import { isClusterDevice, withoutClusterRules } from "../../../../toolchain/cluster/native/network-traces.ts";

describe("removing", () => {
  test.each(["storefleet0", "cilium_host", "cilium_net", "lxc8991a8570132"])("takes the device %s away", (name) => {
    expect(isClusterDevice(name)).toBe(true);
  });

  test.each(["eth0", "lo", "docker0", "lxcbr0", "storefleet1", "br-cilium_host"])(
    "leaves the device %s alone",
    (name) => {
      expect(isClusterDevice(name)).toBe(false);
    },
  );

  test("takes our firewall rules away and no others", () => {
    const saved = [
      "*filter",
      ":INPUT ACCEPT [0:0]",
      ":CILIUM_INPUT - [0:0]",
      ":STOREFLEET - [0:0]",
      '-A INPUT -m comment --comment "cilium-feeder: CILIUM_INPUT" -j CILIUM_INPUT',
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
      "-A CILIUM_INPUT -j ACCEPT",
      "-A PREROUTING -j STOREFLEET",
      "-A STOREFLEET -i lo -j RETURN",
      "COMMIT",
    ].join("\n");

    expect(withoutClusterRules(saved).split("\n")).toEqual([
      "*filter",
      ":INPUT ACCEPT [0:0]",
      "-A INPUT -p tcp --dport 22 -j ACCEPT",
      "COMMIT",
    ]);
  });

  test("unmounts the latest mounted first, and nothing beside the folder", () => {
    const mounts = [
      "bpf /fleet/cluster/bpf bpf rw 0 0",
      "tmpfs /fleet/cluster-of-another tmpfs rw 0 0",
      "tmpfs /fleet/cluster/with\\040space tmpfs rw 0 0",
    ].join("\n");

    expect(mountsBelow(mounts, "/fleet/cluster")).toEqual(["/fleet/cluster/with space", "/fleet/cluster/bpf"]);
  });
});

test("control groups are found in the old, the mixed and the new hierarchy", () => {
  const old = "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
  const own = "none /fleet/cluster/cgroup2 cgroup2 rw 0 0\n";

  expect(hierarchies(old + own)).toEqual(["/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"]);
  expect(hierarchies("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n")).toEqual(["/sys/fs/cgroup"]);
});

test("neighbours of the machine reach no address of the cluster", () => {
  const rules = firewallRules().map((rule) => rule.join(" "));

  expect(rules.at(-1)).toBe("--destination 10.213.0.1/32,10.214.0.0/16,10.215.0.0/16 --jump DROP");
  expect(rules.slice(0, -1).every((rule) => rule.endsWith("--jump RETURN"))).toBe(true);
});

describe("messages to the container runtime", () => {
  test("carry the identifier and the grace period", () => {
    expect([...encodeRequest("ab", 8)]).toEqual([0x0a, 2, 0x61, 0x62, 0x10, 8]);
    expect([...encodeRequest()]).toEqual([]);
  });

  test("list items by identifier and state, skipping what we do not use", () => {
    // Two items: {1: "a", 2: {…}, 3: 1} and {1: "b"}; then an unknown field 2.
    const bytes = new Uint8Array([
      ...[0x0a, 9, 0x0a, 1, 0x61, 0x12, 2, 0x0a, 0, 0x18, 1],
      ...[0x0a, 3, 0x0a, 1, 0x62],
      ...[0x12, 1, 0x63],
    ]);

    expect(decodeItems(bytes, 3)).toEqual([
      { id: "a", state: 1 },
      { id: "b", state: 0 },
    ]);
  });
});

test("finds the homes of other clusters by the BPF programs they left mounted", () => {
  const mounts = [
    "proc /proc proc rw 0 0",
    "storefleet-bpf /root/.storefleet/cluster/bpf bpf rw,relatime 0 0",
    "storefleet-bpf /tmp/my\\040home/cluster/bpf bpf rw,relatime 0 0",
    "bpf /sys/fs/bpf bpf rw 0 0",
  ].join("\n");

  expect(foreignHomes(mounts, "/root/.storefleet")).toEqual(["/tmp/my home"]);
  expect(foreignHomes(mounts, "/elsewhere")).toEqual(["/root/.storefleet", "/tmp/my home"]);
});
