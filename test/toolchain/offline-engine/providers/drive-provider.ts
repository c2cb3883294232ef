import type { Provider } from "../../../../toolchain/offline-engine/provider.ts";
import { createKubernetesProvider } from "../../../../toolchain/offline-engine/providers/kubernetes/provider.ts";
import { type Properties, revealedProperties } from "../../../../toolchain/offline-engine/values.ts";
import type { TestCluster } from "../../../helpers/cluster.ts";

/** A resource as a state would hold it. */
export interface Held {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Calls a provider in the order in which the engine does it. */
export interface Drive {
  readonly provider: Provider;
  /** What the provider told the person so far. */
  readonly told: string[];
  check(type: string, name: string, news: Properties): Promise<Properties>;
  preview(type: string, name: string, news: Properties): Promise<Properties>;
  create(type: string, name: string, news: Properties, options?: { signal?: AbortSignal }): Promise<Held>;
  diff(held: Held, news: Properties): ReturnType<Provider["diff"]>;
  update(held: Held, news: Properties, options?: { signal?: AbortSignal }): Promise<Held>;
  /** Answers `undefined` when the object is gone. */
  refresh(held: Held): Promise<Held | undefined>;
  remove(held: Held): Promise<void>;
}

/** A provider on the cluster, with the given options and environment variables. */
export async function driveProvider(
  { cluster, helm }: Pick<TestCluster, "cluster" | "helm">,
  options: { inputs?: Properties; environment?: Record<string, string> } = {},
): Promise<Drive> {
  const { kubeconfig, context } = cluster;
  const environment = { ...process.env, STOREFLEET_HELM: helm, ...options.environment };
  const provider = createKubernetesProvider(environment);
  await provider.configure({ kubeconfig, context, ...options.inputs });
  const told: string[] = [];
  const call = (type: string, name: string, signal = new AbortController().signal) => ({
    urn: `urn:pulumi:test::test::${type}::${name}`,
    type,
    name,
    signal,
    log: (_severity: string, message: string) => void told.push(message),
    timeoutSeconds: undefined,
  });
  const check = async (type: string, name: string, news: Properties) => {
    const result = await provider.check({ ...call(type, name), olds: undefined, news, preview: false });
    if (result.failures.length > 0) throw new Error(JSON.stringify(result.failures));
    return revealedProperties(result.inputs);
  };
  return {
    provider,
    told,
    check,
    async preview(type, name, news) {
      const inputs = await check(type, name, news);
      return (await provider.create({ ...call(type, name), inputs, preview: true })).outputs;
    },
    async create(type, name, news, { signal } = {}) {
      const inputs = await check(type, name, news);
      const { id, outputs } = await provider.create({ ...call(type, name, signal), inputs, preview: false });
      return { type, name, id, inputs, outputs: revealedProperties(outputs) };
    },
    async diff({ type, name, id, inputs, outputs }, news) {
      const newInputs = await check(type, name, news);
      const olds = { id, oldInputs: inputs, oldOutputs: outputs };
      return provider.diff({ ...call(type, name), ...olds, newInputs, ignoreChanges: [] });
    },
    async update({ type, name, id, inputs, outputs }, news, { signal } = {}) {
      const newInputs = await check(type, name, news);
      const olds = { id, oldInputs: inputs, oldOutputs: outputs };
      const result = await provider.update({ ...call(type, name, signal), ...olds, newInputs, preview: false });
      return { type, name, id, inputs: newInputs, outputs: revealedProperties(result.outputs) };
    },
    async refresh(held) {
      const found = await provider.read({ ...call(held.type, held.name), ...held });
      return found && { ...held, inputs: revealedProperties(found.inputs), outputs: revealedProperties(found.outputs) };
    },
    remove: (held) => provider.remove({ ...call(held.type, held.name), ...held, timeoutSeconds: 120 }),
  };
}
