import { refuse } from "../../problem.ts";
import { isObject, type Properties, type Value } from "../../values.ts";
import { textAt } from "./objects.ts";

/** How the provider reaches the cluster and what it may do there. */
export interface Settings {
  /** Contents of a kubeconfig, or the path of one. Default: `KUBECONFIG`, then `~/.kube/config`, then the pod's own. */
  readonly kubeconfig: string | undefined;
  /** Context of the kubeconfig. Default: its current one. */
  readonly context: string | undefined;
  /** Namespace of objects that name none. Default: none, so the server's `default`. */
  readonly namespace: string | undefined;
  /** Adopt an object (or a release) that exists already instead of failing to create it. Default: false. */
  readonly upsertExistingObjects: boolean;
  /** Take fields over from other managers. Default: false, which makes such a clash an error. */
  readonly enablePatchForce: boolean;
  /** Change ConfigMaps in place instead of replacing them. Default: false. */
  readonly enableConfigMapMutable: boolean;
  /** Change Secrets in place instead of replacing them. Default: false. */
  readonly enableSecretMutable: boolean;
  /** Path of the helm executable. Default: found on the PATH or in the cache. */
  readonly helm: string | undefined;
  /**
   * Go on with a release whose last operation was killed: its pending record is marked failed, and a release that is in
   * the cluster but not in the state is upgraded. Only safe when nobody else works on the release, which the lock of the
   * stack sees to. Default: false, which fails as the real provider does.
   */
  readonly unlockHelm: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

/** Options of the real provider that can be set by an environment variable as well. */
const SWITCHES = {
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
} as const;

/** Options of the real provider that this one does not have; quietly ignoring them would do the wrong thing. */
const REFUSED: readonly string[] = ["renderYamlToDirectory", "cluster"];

/** Throws when the provider was given an option this one cannot honour. */
export function readSettings(inputs: Properties, environment: NodeJS.ProcessEnv): Settings {
  const refused = REFUSED.find((option) => option in inputs);
  const serverSideApply = inputs.enableServerSideApply;
  if (refused !== undefined || isFalse(serverSideApply)) {
    const option = refused ?? "enableServerSideApply: false";
    throw refuse(`The option "${option}" of the kubernetes provider`);
  }
  const switched = (name: keyof typeof SWITCHES) =>
    name in inputs ? isTrue(inputs[name]) : environment[SWITCHES[name]] === "true";
  return {
    kubeconfig: kubeconfigText(inputs.kubeconfig),
    context: textAt(inputs, "context"),
    namespace: textAt(inputs, "namespace"),
    upsertExistingObjects: switched("upsertExistingObjects"),
    enablePatchForce: switched("enablePatchForce"),
    enableConfigMapMutable: switched("enableConfigMapMutable"),
    enableSecretMutable: switched("enableSecretMutable"),
    helm: environment.STOREFLEET_HELM,
    unlockHelm: environment.STOREFLEET_HELM_UNLOCK === "true",
    environment,
  };
}

// The SDK hands provider options over as JSON text, so booleans arrive as "true".
function isTrue(value: Value | undefined): boolean {
  return value === true || value === "true";
}

function isFalse(value: Value | undefined): boolean {
  return value === false || value === "false";
}

/** Programs may give the kubeconfig as an object; JSON is YAML, so its text will do. */
function kubeconfigText(value: Value | undefined): string | undefined {
  if (isObject(value)) return JSON.stringify(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
