import { EngineProblem, REAL_CLI_HINT } from "../problem.ts";
import type { Provider } from "../provider.ts";
import { packageOf, parseProviderReference } from "../urn.ts";
import { isObject, type Properties, revealedProperties, Unknown } from "../values.ts";

/** Makes an unconfigured provider of a package. */
export type ProviderFactory = () => Promise<Provider>;

/** The providers inside this engine, loaded only when a program or a state uses them. */
export const builtInProviders: Readonly<Record<string, ProviderFactory>> = {
  kubernetes: async () => (await import("./kubernetes/provider.ts")).createKubernetesProvider(),
  random: async () => (await import("./random/provider.ts")).createRandomProvider(),
};

/** The providers of one update by `<urn>::<id>`, each configured once and only when it is needed. */
export class ProviderRegistry {
  readonly #factories: Readonly<Record<string, ProviderFactory>>;
  readonly #inputs = new Map<string, Properties>();
  readonly #instances = new Map<string, Promise<Provider>>();

  constructor(factories: Readonly<Record<string, ProviderFactory>>) {
    this.#factories = factories;
  }

  has(packageName: string): boolean {
    return Object.hasOwn(this.#factories, packageName);
  }

  /** Makes a provider resource of the state or the program usable. */
  add(urn: string, id: string, inputs: Properties): void {
    const reference = `${urn}::${id}`;
    this.#inputs.set(reference, inputs);
    this.#instances.delete(reference);
  }

  /** The configured provider behind a resource's `provider` field. */
  get(reference: string): Promise<Provider> {
    const known = this.#instances.get(reference);
    if (known !== undefined) return known;
    const made = this.#make(reference);
    this.#instances.set(reference, made);
    return made;
  }

  async #make(reference: string): Promise<Provider> {
    const { urn } = parseProviderReference(reference);
    const inputs = this.#inputs.get(reference);
    if (inputs === undefined) throw new EngineProblem(`unknown provider '${reference}'`);
    const name = packageOf(urn.split("::")[2]?.split("$").at(-1) ?? "");
    const factory = this.#factories[name];
    if (factory === undefined) throw unknownPackage(name);
    const provider = await factory();
    await provider.configure(configuration(inputs));
    return provider;
  }
}

export function unknownPackage(name: string): EngineProblem {
  return new EngineProblem(
    `no resource plugin 'pulumi-resource-${name}' found in the workspace or on your $PATH. ` +
      `Only the providers ${Object.keys(builtInProviders).join(" and ")} are built in. ${REAL_CLI_HINT}`,
  );
}

/** Without what is for the engine itself, and without what a preview does not know yet. */
function configuration(inputs: Properties): Properties {
  const known = Object.entries(revealedProperties(inputs)).filter(([key, value]) => {
    return key !== "__internal" && !(value instanceof Unknown) && (!isObject(value) || key !== "version");
  });
  return Object.fromEntries(known);
}
