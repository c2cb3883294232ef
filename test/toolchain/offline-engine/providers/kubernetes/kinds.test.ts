import { describe, expect, it } from "vitest";
import { kindOfType } from "../../../../../toolchain/offline-engine/providers/kubernetes/kinds.ts";

describe("the kind behind a type token", () => {
  it.each([
    ["kubernetes:core/v1:Namespace", "v1", "Namespace"],
    ["kubernetes:apps/v1:Deployment", "apps/v1", "Deployment"],
    ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "networking.k8s.io/v1", "NetworkPolicy"],
    ["kubernetes:stable.example.com/v1beta1:CronTab", "stable.example.com/v1beta1", "CronTab"],
  ])("%s is %s %s", (type, apiVersion, kind) => {
    expect(kindOfType(type)).toEqual({ apiVersion, kind });
  });

  it.each([
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:helm.sh/v4:Chart",
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:core/v1:NamespacePatch",
    "kubernetes:core/v1:ConfigMapList",
    "random:index/randomPet:RandomPet",
  ])("%s is not one object of a cluster", (type) => {
    expect(kindOfType(type)).toBeUndefined();
  });
});
