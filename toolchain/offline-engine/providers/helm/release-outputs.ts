import { isObject, type Properties, Secret, UNKNOWN } from "../../values.ts";
import { kindOf } from "../kubernetes/kinds.ts";
import { identityOf } from "../kubernetes/objects.ts";
import type { ReleaseRecord } from "./release-record.ts";

/**
 * The state's outputs: the inputs as Helm recorded them, and (secret) the inputs once more for the next diff.
 *
 * @param base the outputs so far, or the inputs of a release just made
 */
export function releaseOutputs(base: Properties, inputs: Properties, record: ReleaseRecord): Properties {
  return {
    ...base,
    __inputs: new Secret(inputs),
    values: merged(isObject(base.values) ? base.values : {}, record.values),
    version: record.chart.version,
    resourceNames: resourceNames(record.objects),
    status: {
      appVersion: record.chart.appVersion,
      chart: record.chart.name,
      name: record.name,
      namespace: record.namespace,
      revision: record.revision,
      status: record.status,
      version: record.chart.version,
    },
  };
}

/** Outputs of a preview: what only the cluster can tell is unknown. */
export function plannedOutputs(inputs: Properties): Properties {
  return { ...inputs, __inputs: new Secret(inputs), resourceNames: UNKNOWN, status: UNKNOWN };
}

/** Names of objects by `Kind.group/apiVersion`, as in `{"Deployment.apps/apps/v1": ["web"]}`. */
export function resourceNames(objects: readonly Properties[]): Properties {
  const names: Record<string, Set<string>> = {};
  for (const object of objects) {
    const { apiVersion, kind } = kindOf(object);
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
    const key = `${kind}${group}/${apiVersion}`;
    names[key] = (names[key] ?? new Set()).add(identityOf(object));
  }
  return Object.fromEntries(Object.entries(names).map(([key, set]) => [key, [...set].sort()]));
}

/** Helm's merge: maps deeply, all else from `over`. */
export function merged(under: Properties, over: Properties): Properties {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isObject(below) && isObject(value) ? merged(below, value) : value;
  }
  return result;
}
