import { z } from "zod";
import { type CheckoutInput, CheckoutProblem, type CheckoutProof } from "./engine.ts";

// What every engine's checkout proof is made of: steps with names and durations, and answers that are read with care.

/** The steps of one proof. */
export interface CheckoutSteps {
  /** Does one step. Throws a CheckoutProblem that names it. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** How long each took, in their order, those that failed included. */
  taken(): CheckoutProof["steps"];
}

export function beginSteps({ now }: Pick<CheckoutInput, "now">): CheckoutSteps {
  const steps: { title: string; milliseconds: number }[] = [];
  return {
    async step(title, work) {
      const begin = now();
      try {
        return await work();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new CheckoutProblem(`The store does not sell yet. Step "${title}" failed: ${reason}`, { cause: error });
      } finally {
        steps.push({ title, milliseconds: Math.round(now() - begin) });
      }
    },
    taken: () => steps,
  };
}

/** Who buys: one customer for each proof, so that several at once do not meet. `.invalid` never receives mail (RFC 2606). */
export function newCustomer(): string {
  return `checkout-${crypto.randomUUID()}@storefleet.invalid`;
}

/** One question to a store's API. */
export interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; nothing is sent when it is `undefined`. */
  readonly body?: unknown;
  /** Which statuses mean that it was done. Default: 200 to 299. */
  readonly isDone?: (status: number) => boolean;
}

export interface Answer<T> {
  readonly body: T;
  /** A header of the answer, by its name in small letters. */
  header(name: string): string | undefined;
}

const isSuccess = (status: number) => status >= 200 && status < 300;

/** JSON over the caller's `request`. Errors say what was asked and what came back, never what was signed or sent. */
export async function askJson<T>(
  { request, signal }: Pick<CheckoutInput, "request" | "signal">,
  { method, url, headers, body, isDone = isSuccess }: Question,
  schema: z.ZodType<T>,
): Promise<Answer<T>> {
  const answer = await request(url, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
  const text = await answer.text();
  const asked = `${method} ${new URL(url).pathname}`;
  if (!isDone(answer.status)) throw new Error(`${asked} answered ${answer.status}${reasonIn(text)}.`);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`${asked} answered something unexpected: ${z.prettifyError(parsed.error)}`);
  return { body: parsed.data, header: (name) => answer.headers?.get(name) ?? undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Shop software explains itself in `message`; anything else, such as an error page of the ingress, is not worth repeating. */
function reasonIn(text: string): string {
  const parsed = z.looseObject({ message: z.string() }).safeParse(parseJson(text));
  return parsed.success ? ` ("${parsed.data.message}")` : "";
}
