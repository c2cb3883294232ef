import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { z } from "zod";

const question = z.object({ plaintext: z.base64().optional(), ciphertext: z.string().optional() });

/**
 * Stands for a HashiCorp Vault with the key "stores" in its transit engine, and with the form of its answers: it gives a
 * ciphertext for each plaintext, and the plaintext back to whoever has the token.
 */
export async function startFakeVault() {
  const token = "hvs.test";
  const kept = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const { plaintext, ciphertext } = question.parse(await json(request));
    if (request.headers["x-vault-token"] !== token) {
      return answer(403, { errors: ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"] });
    }
    if (request.url === "/v1/transit/encrypt/stores" && plaintext !== undefined) {
      const made = `vault:v1:${randomBytes(24).toString("base64")}`;
      kept.set(made, plaintext);
      return answer(200, { data: { ciphertext: made, key_version: 1 } });
    }
    const known = request.url === "/v1/transit/decrypt/stores" ? kept.get(ciphertext ?? "") : undefined;
    if (known === undefined) return answer(400, { errors: ["encryption key not found"] });
    return answer(200, { data: { plaintext: known } });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: token },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
