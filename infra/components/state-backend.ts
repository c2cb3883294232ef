import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../names.ts";
import type { Settings } from "../settings.ts";
import type { System } from "./system.ts";

export interface StateBackendArgs {
  readonly settings: Settings;
  readonly system: System;
}

/** Where the volume is mounted. */
const FOLDER = "/state";

/** Where Pulumi keeps the state of stores, and workers the folders in which they run it. */
export class StateBackend extends pulumi.ComponentResource {
  /** `PULUMI_BACKEND_URL` of every Pulumi process. */
  public readonly url: string;
  /** Folder for work folders of stacks. */
  public readonly workFolder: string;
  /** The volume that pods mount at the backend's folder; without one, work folders are the pod's own. */
  public readonly volume: k8s.types.input.core.v1.Volume;
  public readonly mount: k8s.types.input.core.v1.VolumeMount;

  constructor(name: string, { settings, system }: StateBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storefleet:platform:StateBackend", name, {}, opts);
    const isVolume = settings.stateBackend === "volume";
    this.url = isVolume ? `file://${FOLDER}` : settings.stateBackend;
    this.workFolder = `${FOLDER}/work`;
    this.volume = isVolume ? this.makeVolume(settings, system) : { name: "state", emptyDir: {} };
    this.mount = { name: "state", mountPath: FOLDER };
    this.registerOutputs({ url: this.url });
  }

  private makeVolume(settings: Settings, system: System): k8s.types.input.core.v1.Volume {
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      "state",
      {
        metadata: system.metadata("state", labelsOf("worker")),
        spec: {
          // All workers share it, which keeps them on one node. Several nodes need another backend.
          accessModes: ["ReadWriteOnce"],
          ...(settings.storageClass !== "" && { storageClassName: settings.storageClass }),
          resources: { requests: { storage: settings.stateStorage } },
        },
      },
      { parent: this, deletedWith: system.namespace },
    );
    return { name: "state", persistentVolumeClaim: { claimName: claim.metadata.name } };
  }
}
