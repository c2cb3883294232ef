import { refuse } from "../../problem.ts";
import type { Call, Provider } from "../../provider.ts";
import { createReleaseProvider, RELEASE_TYPE } from "../helm/release.ts";
import { checkObject } from "./check.ts";
import { KubernetesClient } from "./client.ts";
import { connect } from "./connection.ts";
import { createObject } from "./create.ts";
import { diffObject } from "./diff.ts";
import { type Kind, kindOfType } from "./kinds.ts";
import { readObject } from "./read.ts";
import { removeObject } from "./remove.ts";
import { readSettings } from "./settings.ts";
import { updateObject } from "./update.ts";

/**
 * The package `kubernetes`: objects of any kind a cluster knows, and Helm releases. It keeps the same inputs, outputs and
 * ids as the real provider (4.32), so that the real CLI can go on with a stack made here.
 *
 * Not here: patches (`NamespacePatch`), lists, charts and manifests (`helm.v4.Chart`, `yaml`), writing YAML to folders.
 */
export function createKubernetesProvider(environment: NodeJS.ProcessEnv = process.env): Provider {
  let settings = readSettings({}, environment);
  let connected: Promise<KubernetesClient> | undefined;
  const client = () => {
    connected ??= connect(settings).then((connection) => new KubernetesClient(connection));
    return connected;
  };
  const releases = createReleaseProvider({ settings: () => settings, client });
  return {
    packageName: "kubernetes",
    async configure(inputs) {
      settings = readSettings(inputs, environment);
      connected = undefined;
    },
    supports: (type) => type === RELEASE_TYPE || kindOfType(type) !== undefined,
    secretOutputs: (type) => (type === RELEASE_TYPE ? releases.secretOutputs : (SECRET_OUTPUTS[type] ?? [])),
    check: async (call) =>
      isRelease(call) ? releases.check(call) : checkObject(call, supportedKind(call), settings, client),
    diff: async (call) => (isRelease(call) ? releases.diff(call) : diffObject(call, settings)),
    create: async (call) => (isRelease(call) ? releases.create(call) : createObject(call, await client(), settings)),
    read: async (call) =>
      isRelease(call) ? releases.read(call) : readObject(call, supportedKind(call), await client()),
    update: async (call) => (isRelease(call) ? releases.update(call) : updateObject(call, await client(), settings)),
    remove: async (call) => (isRelease(call) ? releases.remove(call) : removeObject(call, await client())),
  };
}

const SECRET_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Secret": ["data", "stringData"],
};

function isRelease(call: Call): boolean {
  return call.type === RELEASE_TYPE;
}

function supportedKind({ type }: Call): Kind {
  const kind = kindOfType(type);
  if (kind === undefined) throw refuse(`The resource type "${type}"`);
  return kind;
}
