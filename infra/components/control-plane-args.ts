import type { Settings } from "../settings.ts";
import type { Database } from "./database.ts";
import type { Permissions } from "./permissions.ts";
import type { Secrets } from "./secrets.ts";
import type { StateBackend } from "./state-backend.ts";
import type { System } from "./system.ts";

export interface ControlPlaneArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly permissions: Permissions;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly state: StateBackend;
}
