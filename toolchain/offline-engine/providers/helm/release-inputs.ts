import { refuse } from "../../problem.ts";
import { isObject, type Properties, type Value } from "../../values.ts";
import { randomSuffix } from "../kubernetes/naming.ts";
import { textAt } from "../kubernetes/objects.ts";

/** How long an operation on a release may take when the program does not say. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

/** Every option of a release that is always part of its inputs, with the value of one left out. */
const DEFAULTS: Properties = {
  allowNullValues: false,
  atomic: false,
  chart: "",
  cleanupOnFail: false,
  createNamespace: false,
  dependencyUpdate: false,
  description: "",
  devel: false,
  disableCRDHooks: false,
  disableOpenapiValidation: false,
  disableWebhooks: false,
  forceUpdate: false,
  keyring: "",
  lint: false,
  name: "",
  namespace: "",
  postrender: "",
  recreatePods: false,
  renderSubchartNotes: false,
  replace: false,
  resetValues: false,
  reuseValues: false,
  skipAwait: false,
  skipCrds: false,
  timeout: 0,
  values: {},
  verify: false,
  version: "",
  waitForJobs: false,
};
/** Options that are inputs only when the program sets them. */
const OPTIONAL: readonly string[] = ["maxHistory", "repositoryOpts"];
/** Options of the real provider that are left out here; ignoring one of them would do the wrong thing. */
const REFUSED: readonly string[] = ["valueYamlFiles", "lint", "keyring"];

/** The inputs the state keeps: all options with their defaults, and a name. Throws for options that are left out. */
export function completeInputs(
  news: Properties,
  olds: Properties | undefined,
  resourceName: string,
  defaultNamespace: string,
): Properties {
  const refused = REFUSED.find((option) => isSet(news[option]));
  if (refused !== undefined) throw refuse(`The option "${refused}" of a Helm release`);
  refusePasswords(news.repositoryOpts);
  const given = Object.entries(news).filter(
    ([key, value]) => value !== null && (key in DEFAULTS || OPTIONAL.includes(key)),
  );
  const inputs: Properties = { ...DEFAULTS, ...Object.fromEntries(given) };
  if (inputs.name === "") inputs.name = textAt(olds, "name") || `${resourceName}-${randomSuffix()}`;
  if (inputs.namespace === "") inputs.namespace = defaultNamespace;
  if (news.timeout === undefined && inputs.skipAwait !== true) inputs.timeout = DEFAULT_TIMEOUT_SECONDS;
  return inputs;
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}

/** Helm takes a repository's password on its command line only, where everybody on the machine can read it. */
function refusePasswords(options: Value | undefined): void {
  if (isObject(options) && (isSet(options.password) || isSet(options.username))) {
    throw refuse(
      "A password in a Helm release's `repositoryOpts` (use `helm repo add` or `helm registry login` first)",
    );
  }
}
