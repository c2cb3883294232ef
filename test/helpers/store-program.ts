import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parseTarget, type Target } from "../../stores/target.ts";

/** One resource as the store program asked for it. */
export interface Asked {
  /** Pulumi type token. */
  readonly type: string;
  readonly name: string;
  /** Inputs with every secret replaced by `[secret]`. */
  readonly plain: Readonly<Record<string, unknown>>;
  /** Inputs with every secret shown. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/** What a run of the program with mocked providers came to. */
export interface ProgramRun {
  readonly resources: readonly Asked[];
  /** The one resource of a type, and of a name where there are several. */
  find(type: string, name?: string): Asked;
  /** An export of the program, and whether it is secret. */
  output(name: string): Promise<{ value: unknown; secret: boolean }>;
}

/** How Pulumi marks a secret on its way to a provider. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Random values of the mocked providers begin so, to be found wherever they leak to. */
export const CANARY = "CANARY";

function replaceSecrets(value: unknown, replace: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceSecrets(item, replace));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (fields[SIGNATURE] === SECRET) return replace(fields.value);
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, replaceSecrets(field, replace)]));
}

const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });

/** What the random provider would add; its results are secret as the real one's are. */
function provided(type: string, name: string): Record<string, unknown> {
  if (type === "random:index/randomPassword:RandomPassword") return { result: secret(`${CANARY}${name}`) };
  if (type === "random:index/randomBytes:RandomBytes") return { hex: secret(`${CANARY}${name}`) };
  if (type === "kubernetes:helm.sh/v3:Release") return { status: { status: "deployed" } };
  return {};
}

/** Resolves when every resource is registered; the SDK has it, its type declarations leave it out. */
const registered = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** A Pulumi program of ours. */
export interface Program {
  readonly project: "stores" | "platform";
  /** Imports it anew, which runs it. */
  load(): Promise<Record<string, unknown>>;
}

/** Runs the store program from its start, as `pulumi up` would, on providers that only take notes. */
export function runStoreProgram(stack: string, config: Record<string, string>, more: More = {}): Promise<ProgramRun> {
  return runProgram({ project: "stores", load: () => import("../../stores/index.ts") }, stack, config, more);
}

/** Runs the platform's program in the same way. */
export function runPlatformProgram(stack: string, config: Record<string, string>): Promise<ProgramRun> {
  return runProgram({ project: "platform", load: () => import("../../infra/index.ts") }, stack, config);
}

/** Where stores run, as a run of the platform's program tells its workers. */
export function targetToldBy(run: ProgramRun): Target {
  const worker = run.find("kubernetes:apps/v1:StatefulSet", "worker").plain.spec as {
    template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
  };
  const told = worker.template.spec.containers[0]?.env.find(({ name }) => name === "STOREFLEET_TARGET")?.value;
  return parseTarget(JSON.parse(told ?? ""));
}

/** Outputs of the stack's last run, and where what is asked for is noted down, also when the program ends early. */
interface More {
  readonly former?: Record<string, unknown>;
  readonly resources?: Asked[];
}

async function runProgram(
  { project, load }: Program,
  stack: string,
  config: Record<string, string>,
  { former = {}, resources = [] }: More = {},
): Promise<ProgramRun> {
  const newResource = ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    const of = (replace: (inner: unknown) => unknown) => replaceSecrets(inputs, replace) as Record<string, unknown>;
    const shown: (inner: unknown) => unknown = (inner) => replaceSecrets(inner, shown);
    resources.push({ type, name, plain: of(() => "[secret]"), shown: of(shown) });
    return { id: `${name}-id`, state: { ...inputs, ...provided(type, name) } };
  };
  const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) =>
    token === "pulumi:pulumi:readStackOutputs" && inputs.name === `organization/${project}/${stack}`
      ? { name: inputs.name, outputs: former }
      : {};
  await pulumi.runtime.setMocks({ newResource, call }, project, stack, false, "organization");
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
  );
  vi.resetModules();
  const program = await load();
  await registered.waitForRPCs();

  return {
    resources,
    find(type: string, name?: string) {
      const found = resources.filter((one) => one.type === type && (name === undefined || one.name === name));
      if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources are a ${type} ${name ?? ""}.`);
      return found[0];
    },
    async output(name: string) {
      const output: pulumi.Output<unknown> = pulumi.output(program[name]);
      const value = await new Promise((resolve) => output.apply(resolve));
      return { value, secret: await pulumi.isSecret(output) };
    },
  };
}
