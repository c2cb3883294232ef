import type { z } from "zod";

/** Medusa refused what was asked, and would again: the message is fit to show to a customer only for some types. */
export class MedusaRefusal extends Error {
  override readonly name = "MedusaRefusal";
  readonly status: number;
  /** Medusa's own word for the reason: `not_found`, `invalid_data`, `not_allowed`, `insufficient_inventory`, … */
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

/** Medusa does not answer, or not sensibly; worth trying again in a moment. */
export class MedusaAway extends Error {
  override readonly name = "MedusaAway";
}

export interface MedusaHttp {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  post<T>(path: string, body: object, shape: z.ZodType<T>): Promise<T>;
  remove(path: string): Promise<void>;
}

/** Longer than any healthy answer, shorter than a customer's patience. */
const timeoutMilliseconds = 15_000;

export function createMedusaHttp(baseUrl: string, publishableKey: string): MedusaHttp {
  return {
    get: async (path, shape) => parse(path, await send("GET", path), shape),
    post: async (path, body, shape) => parse(path, await send("POST", path, body), shape),
    remove: async (path) => void (await send("DELETE", path)),
  };

  async function send(method: string, path: string, body?: object): Promise<unknown> {
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          "x-publishable-api-key": publishableKey,
          ...(body ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      answer = await response.json();
    } catch (cause) {
      throw new MedusaAway(`${method} ${pathOnly(path)} got no answer from Medusa.`, { cause });
    }
    if (response.ok) return answer;
    if (response.status >= 500) throw new MedusaAway(`${method} ${pathOnly(path)} failed with ${response.status}.`);
    const { type, message } = describe(answer);
    throw new MedusaRefusal(response.status, type, message);
  }
}

function parse<T>(path: string, answer: unknown, shape: z.ZodType<T>): T {
  const result = shape.safeParse(answer);
  if (result.success) return result.data;
  throw new MedusaAway(`Medusa's answer to ${pathOnly(path)} is not understood: ${result.error.message}`);
}

function describe(answer: unknown): { type: string; message: string } {
  const text = (name: string): string => {
    const value =
      typeof answer === "object" && answer !== null ? Object.entries(answer).find(([key]) => key === name) : undefined;
    return typeof value?.[1] === "string" ? value[1] : "";
  };
  return { type: text("type"), message: text("message") };
}

/** Queries are long and say nothing in a log. */
function pathOnly(path: string): string {
  return path.split("?")[0] ?? path;
}
