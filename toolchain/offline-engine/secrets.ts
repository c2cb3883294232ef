import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { EngineProblem } from "./problem.ts";
import type { TransitKey } from "./vault-transit.ts";

/** Rounds of PBKDF2-SHA256 the real CLI uses; about 0.2 s of one core, so the key is derived once per process. */
const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 8;
/** Encrypted beside the salt, so that a wrong passphrase is noticed before anything is written with it. */
const PROOF = "pulumi";

const MISSING =
  "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables";

/**
 * What a stack's files carry of how its secrets are kept; never secret itself. Either the salt of a passphrase with an
 * encrypted proof, or the address of a key in Vault with the stack's own key encrypted by it, in base64.
 */
export type Seal =
  | { readonly type: "passphrase"; readonly salt: string }
  | { readonly type: "cloud"; readonly url: string; readonly encryptedKey: string };

/** Encrypts and decrypts the secrets of one stack. */
export interface Crypter {
  readonly seal: Seal;
  encrypt(plaintext: string): string;
  decrypt(ciphertext: string): string;
}

const derive = promisify(pbkdf2);
const crypters = new Map<string, Promise<Crypter>>();

/** Opens the secrets of a stack that exists. The key is derived, or asked for, once per seal and process. */
export function openSecrets(seal: Seal, environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const id = idOf(seal);
  const known = crypters.get(id);
  if (known !== undefined) return known;
  const opened =
    seal.type === "passphrase" ? openWithPassphrase(seal.salt, environment) : openWithKey(seal, environment);
  crypters.set(id, opened);
  return opened;
}

const idOf = (seal: Seal) => (seal.type === "passphrase" ? seal.salt : seal.encryptedKey);

/**
 * Makes the secrets of a new stack.
 * @param provider as `--secrets-provider` takes it
 */
export async function createSecrets(environment: NodeJS.ProcessEnv, provider = "passphrase"): Promise<Crypter> {
  const made = isPassphrase(provider) ? createWithPassphrase(environment) : createWithKey(provider, environment);
  const crypter = await made;
  crypters.set(idOf(crypter.seal), Promise.resolve(crypter));
  return crypter;
}

const isPassphrase = (provider: string) => provider === "passphrase" || provider === "default";

async function createWithPassphrase(environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(passphrase(environment), salt);
  return aes(key, { type: "passphrase", salt: `v1:${salt.toString("base64")}:${encryptWith(key, PROOF)}` });
}

/** A key of the stack's own, which a key in Vault encrypts. */
async function createWithKey(url: string, environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const key = randomBytes(KEY_BYTES);
  const encryptedKey = await (await vaultKey(url, environment)).encrypt(key);
  return aes(key, { type: "cloud", url, encryptedKey: encryptedKey.toString("base64") });
}

async function openWithKey(seal: Seal & { type: "cloud" }, environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const vault = await vaultKey(seal.url, environment);
  const key = await vault.decrypt(Buffer.from(seal.encryptedKey, "base64"));
  return aes(key, seal);
}

async function vaultKey(url: string, environment: NodeJS.ProcessEnv): Promise<TransitKey> {
  if (!url.startsWith("hashivault://")) {
    throw new EngineProblem(
      `the secrets provider '${url}' needs the real Pulumi CLI; here there are 'passphrase' and 'hashivault://'`,
    );
  }
  // Loaded by those who need it: every process of the engine would wait for it.
  const { transitKey } = await import("./vault-transit.ts");
  return transitKey(url, environment);
}

async function openWithPassphrase(state: string, environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const secret = passphrase(environment);
  const [version, salt, ...proof] = state.split(":");
  if (version !== "v1" || salt === undefined) throw new EngineProblem(`malformed encryption salt '${state}'`);
  const crypter = aes(await deriveKey(secret, Buffer.from(salt, "base64")), { type: "passphrase", salt: state });
  try {
    if (crypter.decrypt(proof.join(":")) === PROOF) return crypter;
  } catch {
    // GCM refuses to decrypt under another key, which is what a wrong passphrase is.
  }
  throw new EngineProblem("incorrect passphrase");
}

function deriveKey(secret: string, salt: Uint8Array): Promise<Buffer> {
  return derive(secret, salt, ITERATIONS, KEY_BYTES, "sha256");
}

/** The passphrase may be empty, but it has to be said that it is. */
function passphrase(environment: NodeJS.ProcessEnv): string {
  const given = environment.PULUMI_CONFIG_PASSPHRASE;
  if (given !== undefined) return given;
  const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (file === undefined || file === "") throw new EngineProblem(MISSING);
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new EngineProblem(`unable to read PULUMI_CONFIG_PASSPHRASE_FILE: ${String(cause)}`);
  }
}

function aes(key: Buffer, seal: Seal): Crypter {
  return {
    seal,
    encrypt: (plaintext) => encryptWith(key, plaintext),
    decrypt: (ciphertext) => decryptWith(key, ciphertext),
  };
}

/** `v1:<nonce>:<ciphertext and tag>`, both base64. */
function encryptWith(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptWith(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) {
    throw new EngineProblem("a secret in the state or the configuration is not in the form v1:<nonce>:<ciphertext>");
  }
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}
