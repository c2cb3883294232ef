import { describe, expect, test } from "vitest";
import { addonManifests } from "../../../../toolchain/cluster/native/addons/addons.ts";

interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: object };
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the kind
  readonly spec: any;
}

const items = addonManifests({ volumesFolder: "/fleet/cluster/volumes", httpPort: 8080 }) as Item[];
const deployments = items.filter(({ kind }) => kind === "Deployment");
const container = (name: string) =>
  deployments.find(({ metadata }) => metadata.name === name)?.spec.template.spec.containers[0];

test("the add-ons are DNS, volumes, ingress and metrics", () => {
  expect(deployments.map(({ metadata }) => metadata.name)).toEqual([
    "coredns",
    "local-path-provisioner",
    "traefik",
    "metrics-server",
  ]);
});

test.each(deployments)("$metadata.name runs without root, capabilities or a writable root", ({ spec }) => {
  const pod = spec.template.spec;

  expect(pod.securityContext.runAsNonRoot).toBe(true);
  for (const { securityContext } of pod.containers) {
    expect(securityContext.readOnlyRootFilesystem).toBe(true);
    expect(securityContext.capabilities.drop).toEqual(["ALL"]);
  }
});

test("every namespace is made before something is put into it", () => {
  const existing = new Set(["kube-system"]);
  for (const { kind, metadata } of items) {
    if (kind === "Namespace") existing.add(metadata.name);
    if (metadata.namespace !== undefined) expect(existing).toContain(metadata.namespace);
  }
});

describe("the ingress", () => {
  test("answers on loopback alone", () => {
    expect(container("traefik").ports).toEqual([
      { name: "web", containerPort: 8000, hostPort: 8080, hostIP: "127.0.0.1" },
    ]);
  });
});

test("there is one default StorageClass, and one whose volumes can be shared", () => {
  const classes = items.filter(({ kind }) => kind === "StorageClass");

  expect(classes.map(({ metadata }) => [metadata.name, metadata.annotations])).toEqual([
    ["local-path", { "storageclass.kubernetes.io/is-default-class": "true" }],
    ["local-path-shared", {}],
  ]);
});
