import { hostname } from "node:os";
import { deploymentFromJson, sealOf } from "../backend/checkpoint.ts";
import type { Resource } from "../deployment/resource.ts";
import { goJson } from "../json.ts";
import { openSecrets } from "../secrets.ts";
import { isStack, nameOf, STACK_TYPE } from "../urn.ts";
import { blindedSecrets, propertiesToJson, shownSecrets } from "../value-json.ts";
import type { Arguments } from "./arguments.ts";
import { ago, print, printTable } from "./output.ts";
import type { Workspace } from "./workspace.ts";

/** `pulumi stack`: what a stack is, its resources as a tree, and its outputs. */
export async function showStack(workspace: Workspace, given: Arguments): Promise<void> {
  const name = workspace.stack(given);
  if (given.has("show-name")) {
    print(name.stack);
    return;
  }
  const deployment = workspace.backend.read(name);
  const seal = given.has("show-secrets") ? sealOf(deployment) : undefined;
  const crypter = seal === undefined ? undefined : await openSecrets(seal, workspace.environment);
  const { manifest, resources } = deploymentFromJson(deployment, crypter);
  const updated = new Date(manifest.time);
  print(`Current stack is ${name.stack}:`);
  print(`    Managed by ${hostname()}`);
  print(`    Last updated: ${ago(updated)} (${manifest.time.replace("T", " ").replace(/Z$/, "")} +0000 UTC)`);
  print(`    Pulumi version used: ${manifest.version}`);
  printResources(resources, given);
  const outputs = resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
  const rows = Object.entries(propertiesToJson(outputs, crypter === undefined ? blindedSecrets : shownSecrets));
  print(`Current stack outputs (${rows.length}):`);
  if (rows.length === 0) print("    No output values currently in this stack");
  else
    printTable(
      [["OUTPUT", "VALUE"], ...rows.map(([key, value]) => [key, typeof value === "string" ? value : goJson(value)])],
      "    ",
    );
  print("");
  print("Use `pulumi stack select` to change stack; `pulumi stack ls` lists known ones");
}

function printResources(resources: readonly Resource[], given: Arguments): void {
  print(`Current stack resources (${resources.length}):`);
  if (resources.length === 0) {
    print("    No resources currently in this stack");
    return;
  }
  const roots = resources.filter(
    ({ urn, parent }) => isStack(urn) || (parent === "" && !resources.some((other) => isStack(other.urn))),
  );
  const rows: string[][] = roots.flatMap((root) => tree(root, resources, "", "", given));
  printTable([["TYPE", "NAME"], ...rows], "    ");
  print("");
}

function tree(
  resource: Resource,
  all: readonly Resource[],
  before: string,
  below: string,
  given: Arguments,
): string[][] {
  const children = all.filter((each) => each !== resource && parentOf(each, all) === resource.urn);
  children.sort((left, right) => Number(hasChildren(right, all)) - Number(hasChildren(left, all)));
  const extra = [
    ...(given.has("show-urns") ? [["", `${below}    URN: ${resource.urn}`]] : []),
    ...(given.has("show-ids") && resource.id !== "" ? [["", `${below}    ID: ${resource.id}`]] : []),
  ];
  return [
    [before + resource.type, nameOf(resource.urn)],
    ...extra,
    ...children.flatMap((child, index) => {
      const last = index === children.length - 1;
      return tree(child, all, `${below}${last ? "└─ " : "├─ "}`, `${below}${last ? "   " : "│  "}`, given);
    }),
  ];
}

/** Providers the engine made have no parent; they are shown under the stack. */
function parentOf(resource: Resource, all: readonly Resource[]): string {
  if (resource.parent !== "" || isStack(resource.urn)) return resource.parent;
  return all.find(({ urn }) => isStack(urn))?.urn ?? "";
}

function hasChildren(resource: Resource, all: readonly Resource[]): boolean {
  return all.some(({ parent }) => parent === resource.urn);
}
