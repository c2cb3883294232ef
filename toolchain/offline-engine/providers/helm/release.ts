import type { Provider } from "../../provider.ts";
import { isObject, type Properties } from "../../values.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { parseIdentity } from "../kubernetes/objects.ts";
import type { Settings } from "../kubernetes/settings.ts";
import { chartVersion } from "./chart.ts";
import { deployRelease } from "./deploy-release.ts";
import { uninstallArguments } from "./helm-arguments.ts";
import { createHelm, HelmError } from "./helm-command.ts";
import { diffRelease } from "./release-diff.ts";
import { completeInputs } from "./release-inputs.ts";
import { plannedOutputs, releaseOutputs } from "./release-outputs.ts";
import { latestRecord, type ReleaseRecord } from "./release-record.ts";

export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";

type ReleaseProvider = Pick<Provider, "check" | "diff" | "create" | "read" | "update" | "remove"> & {
  readonly secretOutputs: readonly string[];
};

/** Helm releases: the resource type {@link RELEASE_TYPE}, made by the helm executable. */
export function createReleaseProvider(context: {
  settings: () => Settings;
  client: () => Promise<KubernetesClient>;
}): ReleaseProvider {
  const helm = createHelm(context.settings);
  const tools = async () => ({ helm, client: await context.client(), settings: context.settings() });
  return {
    secretOutputs: ["__inputs"],
    async check(call) {
      const inputs = completeInputs(call.news, call.olds, call.name, context.settings().namespace ?? "default");
      try {
        const version = await chartVersion(inputs, helm);
        return { inputs: version === undefined ? inputs : { ...inputs, version }, failures: [] };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const reason = `${error.message}; check the chart name and repository configuration.`;
        return { inputs, failures: [{ property: "chart", reason }] };
      }
    },
    diff: async (call) => diffRelease(call),
    async create(call) {
      if (call.preview) return { id: "", outputs: plannedOutputs(call.inputs) };
      return deployRelease("install", call, call.inputs, await tools());
    },
    async update(call) {
      if (call.preview) return { outputs: plannedOutputs(call.newInputs) };
      return deployRelease("upgrade", call, call.newInputs, await tools());
    },
    async read(call) {
      const { namespace, name } = parseIdentity(call.id);
      const record = await latestRecord(await context.client(), namespace, name);
      if (record === undefined) return undefined;
      const { __inputs: known, ...base } = call.outputs ?? {};
      const inputs = isObject(known) ? known : importedInputs(record);
      return { id: call.id, inputs, outputs: releaseOutputs({ ...inputs, ...base }, inputs, record) };
    },
    async remove(call) {
      const place = parseIdentity(call.id);
      try {
        // Without the signal: helm cannot stop an uninstall in good order, and it is short.
        await helm.run(uninstallArguments({ ...call.inputs, ...place }));
      } catch (error) {
        // The real provider fails here. Somebody removed the release, or its namespace, before us: that is the goal.
        if (!(error instanceof HelmError && error.message.includes("release: not found"))) throw error;
      }
    },
  };
}

/** Inputs of a release that was made elsewhere; where its chart came from is not recorded, only what it is called. */
function importedInputs({ name, namespace, chart, values }: ReleaseRecord): Properties {
  const inputs = { name, namespace, chart: chart.name, version: chart.version, values };
  return completeInputs(inputs, undefined, name, namespace);
}
