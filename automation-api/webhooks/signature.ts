import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** What makes secrets: whoever has it can make them all. */
export interface SecretMaker {
  /** The secret of a webhook; `version` grows when it is made anew. */
  secretOf(webhookId: string, version: number): string;
}

/** Secrets are computed from one key whenever they are needed: the database holds none. */
export function secretMaker(key: string): SecretMaker {
  return {
    secretOf: (webhookId, version) =>
      `whsec_${createHmac("sha256", key).update(`storefleet webhook ${webhookId} ${version}`).digest("base64")}`,
  };
}

/** Headers as in the Standard Webhooks specification: one signature for each secret. */
export function signatureHeaders(
  secrets: readonly string[],
  { id, payload, at }: { id: string; payload: string; at: Date },
): Readonly<Record<string, string>> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, at, payload)).join(" "),
  };
}
