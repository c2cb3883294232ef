import type { Settings } from "../settings.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Secrets } from "./secrets.ts";
import type { System } from "./system.ts";

export interface ObservabilityArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly secrets: Secrets;
  readonly controlPlane: ControlPlane;
}
