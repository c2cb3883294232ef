import { expect, test } from "vitest";
import { clusterTools } from "../../../toolchain/cluster/native/programs.ts";
import { catalogue, kubernetesBinaries } from "../../../toolchain/tools/catalogue.ts";

const tools = Object.entries(catalogue);

test.each(tools)("%s is fixed to one version everywhere it is named", (_name, tool) => {
  const version = tool.version.replace(/^v/, "");

  expect(tool.go.version).toBe(tool.version);
  if (tool.download !== undefined) expect(tool.download.url).toContain(version);
});

test.each(tools)("%s builds each binary from a package of its own module, or a program of ours", (_name, { go }) => {
  const root = go.program === undefined ? go.module.replace(/\/v\d+$/, "") : ".";

  for (const packagePath of Object.values(go.packages)) expect(packagePath.startsWith(root)).toBe(true);
});

test.each(tools)("%s downloads, where it can, every binary it would build", (_name, { go, download }) => {
  if (download === undefined) return;
  const binaries = Object.keys(go.packages);

  if (download.members === undefined) expect(download.url).toMatch(/\{binary\}/);
  else expect(Object.keys(download.members)).toEqual(binaries);
});

test("the control plane and the kubelet come from one build", () => {
  expect(Object.keys(catalogue.kubernetes.go.packages)).toEqual([...kubernetesBinaries]);
});

test("every tool the cluster needs is in the catalogue", () => {
  for (const name of clusterTools) expect(catalogue[name].version).toMatch(/^v\d+\.\d+\.\d+$/);
});
