import type { Properties } from "../../values.ts";
import { numberAt, objectAt, textAt } from "../kubernetes/objects.ts";
import { DEFAULT_TIMEOUT_SECONDS } from "./release-inputs.ts";

/** Switches of `helm install` by the input that turns them on. */
const INSTALL: Readonly<Record<string, string>> = {
  atomic: "--atomic",
  createNamespace: "--create-namespace",
  dependencyUpdate: "--dependency-update",
  devel: "--devel",
  disableOpenapiValidation: "--disable-openapi-validation",
  disableWebhooks: "--no-hooks",
  renderSubchartNotes: "--render-subchart-notes",
  replace: "--replace",
  skipCrds: "--skip-crds",
  verify: "--verify",
};
/** Switches of `helm upgrade`. */
const UPGRADE: Readonly<Record<string, string>> = {
  atomic: "--atomic",
  cleanupOnFail: "--cleanup-on-fail",
  dependencyUpdate: "--dependency-update",
  devel: "--devel",
  disableCRDHooks: "--no-hooks",
  forceUpdate: "--force",
  recreatePods: "--recreate-pods",
  renderSubchartNotes: "--render-subchart-notes",
  resetValues: "--reset-values",
  reuseValues: "--reuse-values",
  skipCrds: "--skip-crds",
  verify: "--verify",
};

function switches(inputs: Properties, table: Readonly<Record<string, string>>): string[] {
  return Object.entries(table).flatMap(([input, flag]) => (inputs[input] === true ? [flag] : []));
}

/** The chart, its version and where it comes from. */
export function chartArguments(inputs: Properties): string[] {
  const repository = objectAt(inputs, "repositoryOpts");
  return [
    textAt(inputs, "chart") ?? "",
    ...option("--version", textAt(inputs, "version")),
    ...option("--repo", textAt(repository, "repo")),
    ...option("--ca-file", textAt(repository, "caFile")),
    ...option("--cert-file", textAt(repository, "certFile")),
    ...option("--key-file", textAt(repository, "keyFile")),
  ];
}

function option(flag: string, value: string | undefined): string[] {
  return value === undefined || value === "" ? [] : [flag, value];
}

/** Seconds an operation on the release may take. */
export function timeoutSeconds(inputs: Properties): number {
  return numberAt(inputs, "timeout") || DEFAULT_TIMEOUT_SECONDS;
}

/** @param byHelm whether helm itself waits until the objects are ready */
function commonArguments(inputs: Properties, byHelm: boolean): string[] {
  return [
    textAt(inputs, "name") ?? "",
    ...chartArguments(inputs),
    ...namespaceArguments(inputs),
    "--values",
    "-",
    ...option("--description", textAt(inputs, "description")),
    ...option("--post-renderer", textAt(inputs, "postrender")),
    ...(byHelm ? ["--wait"] : []),
    ...(byHelm && inputs.waitForJobs === true ? ["--wait-for-jobs"] : []),
  ];
}

function namespaceArguments(inputs: Properties): string[] {
  return ["--namespace", textAt(inputs, "namespace") ?? "default", "--timeout", `${timeoutSeconds(inputs)}s`];
}

export function installArguments(inputs: Properties, byHelm: boolean): string[] {
  return ["install", ...commonArguments(inputs, byHelm), ...switches(inputs, INSTALL)];
}

export function upgradeArguments(inputs: Properties, byHelm: boolean): string[] {
  // Helm's own default keeps ten revisions; the provider's keeps all.
  const history = ["--history-max", String(numberAt(inputs, "maxHistory"))];
  return ["upgrade", ...commonArguments(inputs, byHelm), ...history, ...switches(inputs, UPGRADE)];
}

/** Atomic releases wait even when the program says not to, as they do when installed. */
export function uninstallArguments(inputs: Properties): string[] {
  const waits = inputs.atomic === true || inputs.skipAwait !== true;
  return ["uninstall", textAt(inputs, "name") ?? "", ...namespaceArguments(inputs), ...(waits ? ["--wait"] : [])];
}
