import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { EngineProblem } from "./problem.ts";

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

/** Encrypts and decrypts the secrets of one stack. */
export interface Crypter {
  /** What the stack's files carry: the salt and the encrypted proof. Never secret. */
  readonly salt: string;
  encrypt(plaintext: string): string;
  decrypt(ciphertext: string): string;
}

const derive = promisify(pbkdf2);
const crypters = new Map<string, Promise<Crypter>>();

/** Opens the secrets of a stack that exists. The key is derived once per salt and process. */
export function openSecrets(salt: string, environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const known = crypters.get(salt);
  if (known !== undefined) return known;
  const opened = open(salt, environment);
  crypters.set(salt, opened);
  return opened;
}

/** Makes the secrets of a new stack. */
export async function createSecrets(environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(passphrase(environment), salt);
  const crypter = aes(key, `v1:${salt.toString("base64")}:${encryptWith(key, PROOF)}`);
  crypters.set(crypter.salt, Promise.resolve(crypter));
  return crypter;
}

async function open(state: string, environment: NodeJS.ProcessEnv): Promise<Crypter> {
  const secret = passphrase(environment);
  const [version, salt, ...proof] = state.split(":");
  if (version !== "v1" || salt === undefined) throw new EngineProblem(`malformed encryption salt '${state}'`);
  const crypter = aes(await deriveKey(secret, Buffer.from(salt, "base64")), state);
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

function aes(key: Buffer, salt: string): Crypter {
  return {
    salt,
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
