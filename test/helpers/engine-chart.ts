import { engines } from "../../stores/engines/registry.ts";
import { parseRotation } from "../../stores/rotation.ts";
import { type Engine, type Plan, parseSpec } from "../../stores/spec.ts";
import { addressesOf, parseTarget } from "../../stores/target.ts";
import { findHelm, type Manifest, renderChart } from "./helm.ts";

/** `undefined` where there is no helm, and nothing can be rendered. */
export const helm = findHelm();
if (helm === undefined) console.warn("skipped: no helm (set STOREFLEET_HELM, or run npm start once)");

export interface ChartSettings {
  readonly spec?: object;
  readonly target?: object;
  readonly imagePullSecret?: string;
  readonly rotation?: object;
}

export const imagesOf = (engine: Engine) =>
  Object.fromEntries(engines[engine].images.map((name) => [name, `localhost/storefleet/${name}:0123456789ab`]));

/** The values that the store program gives the chart of a store named `shop1`. */
export function valuesFor(engine: Engine, plan: Plan, settings: ChartSettings = {}) {
  const { forwards, values } = engines[engine];
  const spec = parseSpec({ name: "shop1", engine, plan, ...settings.spec });
  const target = parseTarget(settings.target ?? {});
  return values({
    spec,
    target,
    addresses: addressesOf(spec, target, forwards),
    images: imagesOf(engine),
    existingSecret: "store-credentials",
    imagePullSecret: settings.imagePullSecret ?? "",
    rotation: parseRotation(settings.rotation ?? {}),
  });
}

/** The objects of the chart; none where there is no helm. */
export function render(engine: Engine, values: unknown): Manifest[] {
  return helm === undefined ? [] : renderChart(helm, engines[engine].chart, values);
}
