import type { Settings } from "../settings.ts";
import type { Database } from "./database.ts";
import type { Permissions } from "./permissions.ts";
import type { Secrets } from "./secrets.ts";
import type { StateBackend } from "./state-backend.ts";
import type { System } from "./system.ts";
import type { Vault } from "./vault.ts";

export interface ControlPlaneArgs {
  readonly settings: Settings;
  readonly system: System;
  readonly permissions: Permissions;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly state: StateBackend;
  /** One of the platform's own, where there is one. */
  readonly vault: Vault | undefined;
}
