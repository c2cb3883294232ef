import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** Encrypts what the database keeps and nobody may read there: AES-256-GCM, with a key that is not in the database. */
export interface Sealer {
  /** `about` says what it belongs to; sealed text that was moved to something else cannot be opened. */
  seal(text: string, about: string): string;
  /** Throws a SealBroken. */
  open(sealed: string, about: string): string;
}

/** It was sealed with another key, belongs to something else, or was changed. */
export class SealBroken extends Error {
  override readonly name = "SealBroken";
}

const FORM = "v1";
const ALGORITHM = "aes-256-gcm";

/** At least 32 random characters each, or what is derived from as many: the one to seal with, and others that open, too. */
export type SealingKeys = readonly [string, ...string[]];

/** @param purpose two purposes have two keys */
export function createSealer([first, ...others]: SealingKeys, purpose: string): Sealer {
  const { key, mark } = keyFor(first, purpose);
  const known = new Map(
    [first, ...others].map((secret) => keyFor(secret, purpose)).map((each) => [each.mark, each.key]),
  );
  return {
    seal(text, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(about));
      const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), data].map((part) => part.toString("base64url"));
      return [FORM, mark, ...parts].join(".");
    },
    open(sealed, about) {
      const [form, by, ...parts] = sealed.split(".");
      const [nonce, tag, data] = parts.map((part) => Buffer.from(part, "base64url"));
      if (form !== FORM || nonce?.length !== 12 || tag?.length !== 16 || data === undefined) {
        throw new SealBroken("It is not sealed in a form that is known here.");
      }
      const sealedWith = known.get(by ?? "");
      if (sealedWith === undefined) throw new SealBroken("It was sealed with another key.");
      try {
        const decipher = createDecipheriv(ALGORITHM, sealedWith, nonce).setAAD(Buffer.from(about));
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(data), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw new SealBroken("It was changed, or belongs to something else.", { cause });
      }
    },
  };
}

function keyFor(secret: string, purpose: string): { readonly key: Buffer; readonly mark: string } {
  const key = Buffer.from(hkdfSync("sha256", secret, "", `storefleet ${purpose}`, 32));
  // Tells a wrong key from a changed text; says nothing about the key.
  return { key, mark: createHash("sha256").update("mark").update(key).digest("base64url").slice(0, 8) };
}
