import { type PropertyPath, parsePath } from "../property-path.ts";
import { holdsSecret, isObject, type Properties, Secret, type Value } from "../values.ts";

/**
 * Providers see plain values, so what they answer has lost its secrets. `template` is what they were given: wherever it
 * held a secret the answer holds one, and where the answer has another shape the whole property becomes one.
 */
export function rewrapped(answer: Properties, template: Properties): Properties {
  const entries = Object.entries(answer).map(([key, value]): [string, Value] => [key, rewrap(value, template[key])]);
  return Object.fromEntries(entries);
}

/** Makes the values at `paths` secret where they are there and are not yet. */
export function withSecrets(properties: Properties, paths: readonly string[]): Properties {
  let result = properties;
  for (const path of paths) result = markAt(result, parsePath(path));
  return result;
}

function rewrap(answer: Value, template: Value | undefined): Value {
  if (!holdsSecret(template) || answer instanceof Secret) return answer;
  if (Array.isArray(answer) && Array.isArray(template) && answer.length === template.length) {
    return answer.map((item, index) => rewrap(item, template[index]));
  }
  if (isObject(answer) && isObject(template) && Object.keys(template).every((key) => key in answer)) {
    return rewrapped(answer, template);
  }
  return new Secret(answer);
}

function markAt(properties: Properties, path: PropertyPath): Properties {
  const [step, ...rest] = path;
  const key = String(step);
  const value = properties[key];
  if (step === undefined || value === undefined || value instanceof Secret) return properties;
  if (rest.length === 0) return { ...properties, [key]: new Secret(value) };
  return isObject(value) ? { ...properties, [key]: markAt(value, rest) } : properties;
}
