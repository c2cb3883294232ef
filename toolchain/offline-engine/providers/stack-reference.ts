import { EngineProblem } from "../problem.ts";
import type { Provider } from "../provider.ts";
import { holdsSecret, isObject, type Properties, type Value } from "../values.ts";

/** The outputs of another stack by its full name, or undefined when there is no such stack. */
export type ReadStack = (name: string) => Promise<Properties | undefined>;

/** The provider of the package `pulumi` itself: it reads the outputs of other stacks and manages nothing. */
export function createStackReferenceProvider(readStack: ReadStack): Provider {
  const refuse = async (): Promise<never> => {
    throw new EngineProblem("a StackReference is only read, never created, changed or deleted");
  };
  return {
    packageName: "pulumi",
    async configure() {},
    supports: (type) => type === "pulumi:pulumi:StackReference",
    secretOutputs: () => [],
    check: async ({ news }) => ({ inputs: news, failures: [] }),
    diff: async () => ({ changes: false, replaceKeys: [], deleteBeforeReplace: false, detailedDiff: {} }),
    create: refuse,
    update: refuse,
    remove: refuse,
    async read({ id, inputs }) {
      const name = inputs?.name ?? id;
      return { id, inputs: inputs ?? {}, outputs: await readStackOutputs({ name }, readStack) };
    },
  };
}

/** What `pulumi:pulumi:readStackOutputs` and a StackReference both answer. */
export async function readStackOutputs({ name }: { name: Value }, readStack: ReadStack): Promise<Properties> {
  if (typeof name !== "string") throw new EngineProblem("a StackReference needs the name of a stack");
  const outputs = await readStack(name);
  if (outputs === undefined) throw new EngineProblem(`unknown stack "${name}"`);
  return { name, outputs, secretOutputNames: secretNames(outputs) };
}

function secretNames(outputs: Value): string[] {
  if (!isObject(outputs)) return [];
  return Object.keys(outputs)
    .filter((name) => holdsSecret(outputs[name]))
    .sort();
}
