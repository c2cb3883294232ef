import type { Logger } from "pino";
import type { Connection } from "../database/connection.ts";
import { type DueDelivery, settleDelivery, takeDue } from "../database/delivery-repository.ts";
import { listen } from "../database/notifications-repository.ts";
import { changeWebhookRow } from "../database/webhook-repository.ts";
import { pauseAfter } from "../domain/webhook-attempts.ts";
import { every } from "../worker/every.ts";
import type { Post } from "./post.ts";
import { PrivateAddress } from "./public-address.ts";
import { type SecretMaker, signatureHeaders } from "./signature.ts";

export interface SenderOptions {
  readonly connection: Connection;
  readonly post: Post;
  readonly secrets: SecretMaker;
  readonly logger: Logger;
  /** How soon something is found whose announcement was missed, in milliseconds. Default 5 seconds. */
  readonly interval?: number;
  /** From 0 to 1. Default: random. */
  readonly chance?: () => number;
}

/** Deliveries that are sent at once, and for how many seconds nobody else takes them. */
const BATCH = 10;
const HELD = 60;

/** The address wants to hear nothing any more. */
const GONE = 410;

/** Sends what is to be told to webhooks until it is stopped. Several processes may do so at once. */
export async function startSender(options: SenderOptions): Promise<{ stop(): Promise<void> }> {
  const { connection, logger, interval = 5000 } = options;
  let isStopping = false;
  const sending = every(interval, logger, async () => {
    let due: readonly DueDelivery[];
    do {
      due = isStopping ? [] : await takeDue(connection.database, BATCH, HELD);
      await Promise.all(due.map((delivery) => send(options, delivery)));
    } while (due.length === BATCH);
  });
  const notifications = await listen(connection, "webhooks", { onNotification: sending.now, onGap: sending.now });
  return {
    async stop() {
      isStopping = true;
      await notifications.close();
      await sending.stop();
    },
  };
}

async function send(options: SenderOptions, delivery: DueDelivery): Promise<void> {
  const { connection, post, secrets, logger } = options;
  const { id, webhookId, url, payload, secretVersion, secretIsNew } = delivery;
  const versions = secretIsNew ? [secretVersion, secretVersion - 1] : [secretVersion];
  const signing = versions.map((version) => secrets.secretOf(webhookId, version));
  const attempt = await tried(() => post(url, payload, signatureHeaders(signing, { id, payload, at: new Date() })));
  const isDelivered = attempt.reason === undefined;
  const again = isDelivered ? undefined : pauseAfter(delivery.attempts, (options.chance ?? Math.random)());
  const isOver = isDelivered || again === undefined || attempt.isFinal;
  await settleDelivery(connection.database, delivery, {
    status: isDelivered ? "delivered" : isOver ? "failed" : "waiting",
    answer: attempt.answer,
    reason: attempt.reason,
    again,
  });
  if (attempt.answer === GONE) await changeWebhookRow(connection.database, webhookId, { enabled: false });
  // Neither the address nor the reason: both can hold what is nobody's business.
  logger.info(
    { webhook: webhookId, delivery: id, answer: attempt.answer, delivered: isDelivered },
    "a webhook was told",
  );
}

interface Attempt {
  readonly answer: number | undefined;
  /** Why it is not delivered. */
  readonly reason: string | undefined;
  /** Trying again is of no use. */
  readonly isFinal: boolean;
}

/** Never throws. */
async function tried(work: () => Promise<{ answer: number }>): Promise<Attempt> {
  try {
    const { answer } = await work();
    const isDelivered = answer >= 200 && answer < 300;
    return { answer, reason: isDelivered ? undefined : reasonOf(answer), isFinal: answer === GONE };
  } catch (error) {
    return { answer: undefined, reason: sentenceOf(error), isFinal: false };
  }
}

function reasonOf(answer: number): string {
  if (answer === GONE) return "The address answers 410: it wants to hear nothing any more, so the webhook is off now.";
  if (answer >= 300 && answer < 400) return `The address answers ${answer}; redirects are not followed.`;
  return `The address answers ${answer}.`;
}

/** What went wrong, without anything that tells more about our network than its owner knows. */
function sentenceOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof PrivateAddress) return cause.message;
  if (!(cause instanceof Error)) return "It could not be sent.";
  if (cause.name === "TimeoutError" || /timeout/i.test(cause.name)) return "The address did not answer in time.";
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: "Nobody answers at the address.",
    ENOTFOUND: "The address has a name that nobody knows.",
    EAI_AGAIN: "The address has a name that could not be looked up.",
    ECONNRESET: "The address ended the connection.",
    UND_ERR_SOCKET: "The address ended the connection.",
    UND_ERR_CONNECT_TIMEOUT: "The address did not answer in time.",
  };
  const sentence = code === undefined ? undefined : known[code];
  if (sentence !== undefined) return sentence;
  return /^Webhooks go over/.test(cause.message) ? cause.message : "No connection to the address could be made.";
}
