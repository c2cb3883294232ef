import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClockPause,
  IconHourglass,
  IconLoader2,
  IconMoon,
  IconTrash,
} from "@tabler/icons-react";
import type { OperationKind, OperationStatus, ProgressEvent } from "../../../automation-api/contract/operation.ts";
import type { StoreStatus } from "../../../automation-api/contract/store.ts";
import type { Delivery } from "../../../automation-api/contract/webhook.ts";

// How statuses look: always an icon and a word, the colour only helps.

export type Tone = "good" | "busy" | "warn" | "bad" | "quiet";

export interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: Icon;
  /** Whether the icon turns: something goes on. */
  readonly turning?: boolean;
}

export const storeLooks: Readonly<Record<StoreStatus, Look>> = {
  provisioning: { word: "Setting up", tone: "busy", icon: IconLoader2, turning: true },
  ready: { word: "Ready", tone: "good", icon: IconCircleCheck },
  updating: { word: "Updating", tone: "busy", icon: IconLoader2, turning: true },
  asleep: { word: "Asleep", tone: "quiet", icon: IconMoon },
  failed: { word: "Failed", tone: "bad", icon: IconAlertTriangle },
  deleting: { word: "Deleting", tone: "warn", icon: IconLoader2, turning: true },
  deleted: { word: "Deleted", tone: "quiet", icon: IconTrash },
};

export const operationLooks: Readonly<Record<OperationStatus, Look>> = {
  queued: { word: "Waiting", tone: "quiet", icon: IconHourglass },
  running: { word: "Running", tone: "busy", icon: IconLoader2, turning: true },
  interrupted: { word: "Interrupted", tone: "warn", icon: IconClockPause },
  succeeded: { word: "Succeeded", tone: "good", icon: IconCircleCheck },
  failed: { word: "Failed", tone: "bad", icon: IconAlertTriangle },
  cancelled: { word: "Cancelled", tone: "quiet", icon: IconBan },
};

export const deliveryLooks: Readonly<Record<Delivery["status"], Look>> = {
  waiting: { word: "Waiting", tone: "busy", icon: IconHourglass },
  delivered: { word: "Delivered", tone: "good", icon: IconCircleCheck },
  failed: { word: "Failed", tone: "bad", icon: IconAlertTriangle },
};

/** What an operation does, as a heading. */
export const kindTitles: Readonly<Record<OperationKind, string>> = {
  create: "Create the store",
  rotate: "Make new secrets",
  delete: "Delete the store",
};

export const severityTones: Readonly<Record<ProgressEvent["severity"], Tone>> = {
  info: "quiet",
  warning: "warn",
  error: "bad",
};
