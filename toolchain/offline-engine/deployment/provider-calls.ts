import type { Call, CheckResult, DiffResult, Provider } from "../provider.ts";
import type { ProviderRegistry } from "../providers/registry.ts";
import { nameOf } from "../urn.ts";
import { withoutReferences } from "../value-json.ts";
import { isObject, type Properties, revealedProperties } from "../values.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { Resource } from "./resource.ts";
import { rewrapped, withSecrets } from "./secrecy.ts";

/** Asks providers on behalf of resources: takes secrets off what they get and puts them back on what they answer. */
export class ProviderCalls {
  readonly #registry: ProviderRegistry;
  readonly #diagnostics: Diagnostics;
  readonly #signal: AbortSignal;
  readonly #preview: boolean;

  constructor(parts: { registry: ProviderRegistry; diagnostics: Diagnostics; signal: AbortSignal; preview: boolean }) {
    this.#registry = parts.registry;
    this.#diagnostics = parts.diagnostics;
    this.#signal = parts.signal;
    this.#preview = parts.preview;
  }

  async check(resource: Resource, old: Resource | undefined): Promise<CheckResult> {
    const provider = await this.#provider(resource);
    const news = plain(resource.inputs);
    const olds = old === undefined ? undefined : plain(old.inputs);
    const result = await provider.check({ ...this.#call(resource), olds, news, preview: this.#preview });
    const secret = [...provider.secretOutputs(resource.type), ...resource.additionalSecretOutputs];
    return { ...result, inputs: withSecrets(rewrapped(result.inputs, resource.inputs), secret) };
  }

  async diff(old: Resource, resource: Resource): Promise<DiffResult> {
    const provider = await this.#provider(resource);
    return provider.diff({
      ...this.#call(resource),
      id: old.id,
      oldInputs: plain(old.inputs),
      oldOutputs: plain(old.outputs),
      newInputs: plain(resource.inputs),
      ignoreChanges: resource.ignoreChanges,
    });
  }

  async create(resource: Resource): Promise<{ id: string; outputs: Properties }> {
    const provider = await this.#provider(resource);
    return provider.create({
      ...this.#call(resource),
      inputs: plain(resource.inputs),
      preview: this.#preview,
      timeoutSeconds: resource.customTimeouts?.create,
    });
  }

  async update(old: Resource, resource: Resource): Promise<{ outputs: Properties }> {
    const provider = await this.#provider(resource);
    return provider.update({
      ...this.#call(resource),
      id: old.id,
      oldInputs: plain(old.inputs),
      oldOutputs: plain(old.outputs),
      newInputs: plain(resource.inputs),
      preview: this.#preview,
      timeoutSeconds: resource.customTimeouts?.update,
    });
  }

  /** Answers undefined when the resource is gone. */
  async read(
    resource: Resource,
    id: string,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined> {
    const provider = await this.#provider(resource);
    const inputs = plain(resource.inputs);
    const outputs = resource.external ? undefined : plain(resource.outputs);
    const found = await provider.read({ ...this.#call(resource), id, inputs, outputs });
    if (found === undefined) return undefined;
    const secret = [...provider.secretOutputs(resource.type), ...resource.additionalSecretOutputs];
    return {
      id: found.id,
      inputs: withSecrets(rewrapped(found.inputs, resource.inputs), secret),
      outputs: rewrapped(await this.secretOutputs(resource, found.outputs), resource.outputs),
    };
  }

  async remove(resource: Resource): Promise<void> {
    const provider = await this.#provider(resource);
    await provider.remove({
      ...this.#call(resource),
      id: resource.id,
      inputs: plain(resource.inputs),
      outputs: plain(resource.outputs),
      timeoutSeconds: resource.customTimeouts?.delete,
    });
  }

  /** Puts the secrets back on what a provider answered for a resource with these inputs. */
  async secretOutputs(resource: Resource, outputs: Properties): Promise<Properties> {
    const provider = await this.#provider(resource);
    // The kubernetes provider keeps a copy of the inputs among the outputs.
    const template = isObject(outputs.__inputs) ? { ...resource.inputs, __inputs: resource.inputs } : resource.inputs;
    const secret = [...provider.secretOutputs(resource.type), ...resource.additionalSecretOutputs];
    return withSecrets(rewrapped(outputs, template), secret);
  }

  #provider(resource: Resource): Promise<Provider> {
    return this.#registry.get(resource.provider);
  }

  #call({ urn, type }: Resource): Call {
    return {
      urn,
      type,
      name: nameOf(urn),
      signal: this.#signal,
      log: (severity, message, ephemeral = false) => this.#diagnostics.log(severity, message, { urn, ephemeral }),
    };
  }
}

function plain(properties: Properties): Properties {
  const bare = withoutReferences(properties);
  return isObject(bare) ? revealedProperties(bare) : {};
}
