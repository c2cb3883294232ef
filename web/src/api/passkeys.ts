import {
  type NewPasskeyAnswer,
  type NewPasskeyQuestion,
  newPasskeyAnswerSchema,
  type PasskeyAnswer,
  type PasskeyQuestion,
  passkeyAnswerSchema,
} from "../../../automation-api/contract/sign-in.ts";

/** The browser has no passkey to give; the message says what to do. */
export class PasskeyProblem extends Error {
  override readonly name = "PasskeyProblem";
}

/** Whether this browser knows passkeys at this address: not by an IP address, and not without encryption. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Lets a person choose one of their passkeys. Throws a PasskeyProblem. */
export async function askPasskey(question: PasskeyQuestion): Promise<PasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question);
  return passkeyAnswerSchema.parse(await given(() => navigator.credentials.get({ publicKey })));
}

/** Lets a person make a passkey. Throws a PasskeyProblem. */
export async function makePasskey(question: NewPasskeyQuestion): Promise<NewPasskeyAnswer> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(question);
  return newPasskeyAnswerSchema.parse(await given(() => navigator.credentials.create({ publicKey })));
}

async function given(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (cause) {
    const isThere = cause instanceof DOMException && cause.name === "InvalidStateError";
    if (isThere) throw new PasskeyProblem("This device has a passkey for you already.", { cause });
    throw new PasskeyProblem("No passkey was used. Try again, or sign in another way.", { cause });
  }
  throw new PasskeyProblem("No passkey was used. Try again, or sign in another way.");
}
