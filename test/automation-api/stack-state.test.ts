import { expect, it } from "vitest";
import { resourcesOf } from "../../automation-api/stack-state.ts";

const urn = (type: string, name: string) => `urn:pulumi:demo::stores::${type}::${name}`;
const stack = urn("pulumi:pulumi:Stack", "stores-demo");
const provider = urn("pulumi:providers:kubernetes", "cluster");
const namespace = urn("kubernetes:core/v1:Namespace", "namespace");
const secret = urn("kubernetes:core/v1:Secret", "credentials");

it("tells name, type, parent and dependencies of each resource, and nothing it holds", () => {
  const exported = {
    version: 3,
    deployment: {
      resources: [
        { urn: stack, type: "pulumi:pulumi:Stack", outputs: { credentials: { adminPassword: "CANARY" } } },
        { urn: provider, type: "pulumi:providers:kubernetes", parent: stack },
        { urn: namespace, type: "kubernetes:core/v1:Namespace", parent: stack, dependencies: [provider] },
        {
          urn: secret,
          type: "kubernetes:core/v1:Secret",
          parent: namespace,
          dependencies: [namespace],
          inputs: { stringData: "CANARY" },
        },
      ],
    },
  };

  const resources = resourcesOf(exported);

  expect(resources).toEqual([
    { urn: namespace, name: "namespace", type: "kubernetes:core/v1:Namespace", dependencies: [] },
    {
      urn: secret,
      name: "credentials",
      type: "kubernetes:core/v1:Secret",
      parent: namespace,
      dependencies: [namespace],
    },
  ]);
  expect(JSON.stringify(resources)).not.toContain("CANARY");
});

it("leaves out what a replacement is about to remove", () => {
  const old = { urn: namespace, type: "kubernetes:core/v1:Namespace", delete: true };

  expect(resourcesOf({ deployment: { resources: [old] } })).toEqual([]);
});

it("finds nothing in a stack that has never been up", () => {
  expect(resourcesOf({ version: 3, deployment: { manifest: {} } })).toEqual([]);
});
