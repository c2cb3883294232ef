import type { Authentication } from "../../authentication.ts";
import type { CredentialsReader } from "../../cluster/credentials-reader.ts";
import type { Clusters } from "../../clusters.ts";
import type { Config } from "../../config.ts";
import type { Connection } from "../../database/connection.ts";
import type { ExportState } from "../../export-state.ts";
import type { Sealer } from "../../sealer.ts";
import type { BackendStatus } from "../../state-backend.ts";
import type { Tracing } from "../../tracing/tracing.ts";
import type { InspectCluster } from "../../use-cases/read-platform.ts";
import type { SecretMaker } from "../../webhooks/signature.ts";
import type { ProgressHub } from "../progress-hub.ts";

/** Everything that the routes stand on. */
export interface Services {
  readonly config: Omit<Config, "role" | "databaseUrl" | "logLevel" | "web" | "port" | "faults">;
  readonly connection: Connection;
  readonly authentication: Authentication;
  readonly hub: Pick<ProgressHub, "watch">;
  readonly readCredentials: CredentialsReader;
  readonly inspectCluster: InspectCluster;
  /** Whether Pulumi's state can be reached. */
  readonly probeState: () => Promise<BackendStatus>;
  readonly exportState: ExportState;
  readonly tracing: Tracing;
  /** Makes the secrets of webhooks; `undefined`: there can be none. */
  readonly webhookSecrets: SecretMaker | undefined;
  readonly clusters: Clusters;
  /** Seals kubeconfigs; `undefined`: there can be none. */
  readonly sealer: Sealer | undefined;
  /** Told about trouble that no answer can tell. */
  readonly onTrouble: (error: unknown) => void;
}
