import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, ensureCluster } from "../../../toolchain/cluster/cluster.ts";
import { scratchImages } from "../../../toolchain/cluster/native/addons/images.ts";
import { groups } from "../../../toolchain/cluster/native/cgroups.ts";
import { createContext } from "../../../toolchain/lib/context.ts";
import { run, succeeds } from "../../../toolchain/lib/exec.ts";
import { createSilentReporter } from "../../../toolchain/lib/progress.ts";
import { ensureTool } from "../../../toolchain/tools/tools.ts";

const server = "cluster-test-server";
const client = "cluster-test-client";
const host = "cluster-test.localhost";

let cluster: Cluster;
let kubectlPath: string;

async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const flags = ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context];
  const options = input === undefined ? {} : { input };
  return (await run(kubectlPath, [...flags, ...args], { ...options, timeoutSeconds: 90 })).stdout;
}

/** Whether a TCP connection from the client's pod is taken within two seconds. */
async function connects(address: string, port: number): Promise<boolean> {
  const flags = ["--kubeconfig", cluster.kubeconfig, "--context", cluster.context, "--namespace", client];
  const probe = ["timeout", "2", "/bin/busybox", "nc", "-w", "1", address, String(port)];
  return succeeds(kubectlPath, [...flags, "exec", "client", "--stdin=false", "--", "/bin/busybox", ...probe]);
}

/** Waits until `check` gives `wanted`: a policy takes a moment to reach the network. */
async function becomes(wanted: boolean, check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if ((await check()) === wanted) return;
    await sleep(250);
  }
  expect(await check()).toBe(wanted);
}

/** Status and body of a request through the ingress. */
function throughIngress(path: string): Promise<{ status: number; body: string }> {
  const { ingress } = cluster;
  if (ingress === undefined) throw new Error("The cluster has no ingress of its own.");
  return new Promise((resolve, reject) => {
    const options = { host: ingress.address, port: ingress.port, path, headers: { host }, timeout: 5000 };
    const outgoing = request(options, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    outgoing.on("error", reject).end();
  });
}

function pod(namespace: string, name: string, command: string, volumes = false): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name,
          image: scratchImages.busybox,
          command: ["/bin/sh", "-c", command],
          ...(volumes ? { volumeMounts: [{ name: "data", mountPath: "/data" }] } : {}),
        },
      ],
      ...(volumes ? { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] } : {}),
    },
  };
}

const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

const objects = [
  namespace(server),
  namespace(client),
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: server },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } },
  },
  pod(server, "server", "echo hello > /data/index.html; exec /bin/busybox httpd -f -p 8080 -h /data", true),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "server", namespace: server },
    spec: { selector: { app: "server" }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "server", namespace: server },
    spec: {
      rules: [
        {
          host,
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "server", port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
  pod(client, "client", "exec /bin/busybox sleep 3600"),
];

beforeAll(async () => {
  const base = createContext();
  const context = { ...base, reporter: createSilentReporter(base.paths.logs) };
  cluster = await ensureCluster(context);
  kubectlPath = await ensureTool(context, "kubectl");
  // Only the native cluster holds the image of a few hundred kilobytes that these pods run.
  if (cluster.kind !== "native") return;
  await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  for (const [space, name] of [
    [server, "server"],
    [client, "client"],
  ] as const) {
    await kubectl(["wait", "--namespace", space, "--for=condition=Ready", `pod/${name}`, "--timeout=60s"]);
  }
});

afterAll(async () => {
  if (cluster.kind !== "native") return;
  await kubectl(["delete", "namespace", server, client, "--ignore-not-found", "--timeout=60s"]);
});

describe("the cluster", () => {
  test("is found running at once the second time", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    const before = performance.now();

    await ensureCluster(createContext());

    expect(performance.now() - before).toBeLessThan(1000);
  });

  test("answers names of services", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    const name = `server.${server}.svc.cluster.local`;

    const answer = await kubectl(["exec", "--namespace", client, "client", "--", "/bin/busybox", "nslookup", name]);

    const address = await kubectl(["get", "service", "server", "-n", server, "-o", "jsonpath={.spec.clusterIP}"]);
    expect(answer).toContain(address);
  });

  test("makes a volume of the default class", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    const claim = await kubectl([
      ...["get", "persistentvolumeclaim", "data", "-n", server],
      ...["-o", "jsonpath={.status.phase} {.spec.storageClassName}"],
    ]);

    expect(claim).toBe(`Bound ${cluster.storageClass}`);
  });

  test("answers through its ingress on loopback, and says so in the ingress's status", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    await becomes(true, async () => (await throughIngress("/")).status === 200);

    expect((await throughIngress("/")).body).toBe("hello\n");
    const ip = "jsonpath={.status.loadBalancer.ingress[0].ip}";
    expect(await kubectl(["get", "ingress", "server", "-n", server, "-o", ip])).toBe("127.0.0.1");
  });

  test("enforces policies: a denied pod reaches nothing, and a policy taken back gives the network back", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    const podAddress = await kubectl(["get", "pod", "server", "-n", server, "-o", "jsonpath={.status.podIP}"]);
    const serviceAddress = await kubectl([
      "get",
      "service",
      "server",
      "-n",
      server,
      "-o",
      "jsonpath={.spec.clusterIP}",
    ]);
    const targets = [
      [podAddress, 8080],
      [serviceAddress, 80],
      ["10.215.0.1", 443],
      ["10.213.0.1", 6443],
    ] as const;
    for (const [address, port] of targets) expect(await connects(address, port), address).toBe(true);
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "deny", namespace: client },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    };

    await kubectl(["apply", "-f", "-"], JSON.stringify(policy));
    await becomes(false, () => connects(podAddress, 8080));
    for (const [address, port] of targets) expect(await connects(address, port), address).toBe(false);

    await kubectl(["delete", "networkpolicy", "deny", "-n", client]);
    await becomes(true, () => connects(podAddress, 8080));
  });

  test("gives its pods as much of a busy processor as four programs", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    const files = (await groups()).flatMap((group) => [join(group, "cpu.shares"), join(group, "cpu.weight")]);

    const weights = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));

    expect(weights.map((weight) => weight.trim()).filter((weight) => weight !== "")).toEqual([
      expect.stringMatching(/^4(096|00)$/),
    ]);
  });

  test("measures the node", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    await becomes(true, async () => {
      const answer = await kubectl(["get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes"]).catch(() => "");
      return answer.includes('"memory"');
    });
  });

  test("listens on loopback and its own device alone", async (context) => {
    context.skip(cluster.kind !== "native", "not the native cluster");
    const sockets = (await run("ss", ["-Htlnp"])).stdout.split("\n");
    const ours = sockets.filter((line) => /"(etcd|containerd|kube-\w+|kubelet|cilium-agent)"/.test(line));

    const addresses = ours.map((line) => line.split(/\s+/)[3] ?? "");

    expect(ours.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|10\.213\.0\.1):\d+$/);
  });
});
