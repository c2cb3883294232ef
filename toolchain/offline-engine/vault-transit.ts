import { z } from "zod";
import { EngineProblem, messageOf } from "./problem.ts";

/** How long Vault may take for an answer, in ms. */
const PATIENCE = 30_000;

const encrypted = z.object({ data: z.object({ ciphertext: z.string() }) });
const refused = z.object({ errors: z.array(z.string()) });
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });

/**
 * A key in the transit engine of a HashiCorp Vault, which never leaves it, by an address such as `hashivault://stores`. Reads
 * the same variables as the real CLI: `VAULT_SERVER_URL` (or `VAULT_ADDR`) and `VAULT_SERVER_TOKEN` (or `VAULT_TOKEN`).
 * https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
export interface TransitKey {
  /** Gives what only {@link decrypt} can read. */
  encrypt(plaintext: Buffer): Promise<Buffer>;
  decrypt(ciphertext: Buffer): Promise<Buffer>;
}

export function transitKey(address: string, environment: NodeJS.ProcessEnv): TransitKey {
  const { host, pathname, searchParams } = new URL(address);
  const engine = searchParams.get("engine") ?? "transit";
  const key = `${host}${pathname}`;
  const ask = <T>(verb: "encrypt" | "decrypt", body: object, answer: z.ZodType<T>) =>
    askVault(`${engine}/${verb}/${key}`, body, answer, environment).catch((error: unknown) => {
      throw new EngineProblem(`could not ${verb} with ${address}: ${messageOf(error)}`);
    });
  return {
    async encrypt(plaintext) {
      const { data } = await ask("encrypt", { plaintext: plaintext.toString("base64") }, encrypted);
      return Buffer.from(data.ciphertext);
    },
    async decrypt(ciphertext) {
      const { data } = await ask("decrypt", { ciphertext: ciphertext.toString() }, decrypted);
      return Buffer.from(data.plaintext, "base64");
    },
  };
}

async function askVault<T>(
  path: string,
  body: object,
  answer: z.ZodType<T>,
  environment: NodeJS.ProcessEnv,
): Promise<T> {
  const server = environment.VAULT_SERVER_URL || environment.VAULT_ADDR;
  if (!server) throw new EngineProblem("neither VAULT_SERVER_URL nor VAULT_ADDR environment variables are set");
  const token = environment.VAULT_SERVER_TOKEN || environment.VAULT_TOKEN;
  const response = await fetch(new URL(`/v1/${path}`, server), {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { "x-vault-token": token }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => {
    throw new EngineProblem(`Vault does not answer at ${new URL(server).origin}`);
  });
  // What Vault says of a refusal names no secret; what it says otherwise may be one, and is not repeated.
  if (!response.ok) throw new EngineProblem(`Vault answered ${response.status}: ${await refusal(response)}`);
  return answer.parse(await response.json());
}

async function refusal(response: Response): Promise<string> {
  const { data } = refused.safeParse(await response.json().catch(() => undefined));
  // Of several reasons Vault makes a list with a heading.
  const reasons =
    data?.errors.flatMap((text) => text.replace(/^\d+ errors? occurred:/, "").split(/\s*\n\s*(?:\* )?/)) ?? [];
  return reasons.filter((reason) => reason !== "").join("; ") || response.statusText;
}
