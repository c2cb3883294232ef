import type { NewPasskeyAnswer, NewPasskeyQuestion, PasskeyAnswer, PasskeyQuestion } from "./contract/sign-in.ts";
import type { Origin } from "./use-cases/principal.ts";

// How people prove who they are, in our words; `better-auth/` does it. Whoever has proved it gets the secret of a session.

/** The cookie that keeps the secret of a session. */
export const SESSION_COOKIE = "storefleet_session";

/** A browser, as far as it is of use here. */
export interface Visitor extends Origin {
  /** The `Cookie` header. */
  readonly cookies: string | undefined;
}

/** What a browser is asked for, and the `Set-Cookie` headers with which it remembers that. */
export interface Begun<Body> {
  readonly body: Body;
  readonly cookies: readonly string[];
}

/** Where the provider of single sign-on has sent somebody back to us. */
export type Finished = { readonly cookies: readonly string[] } & (
  | { readonly outcome: "signed-in"; readonly secret: string; readonly isNew: boolean }
  | { readonly outcome: "connected"; readonly userId: string }
  /** `unknown-person`: nobody may sign up. `address-taken`: somebody has the same address, and has not connected it. */
  | { readonly outcome: "refused"; readonly why: "unknown-person" | "address-taken" | "taken" | "failed" }
);

export interface SingleSignOn {
  /** What the button says. */
  readonly title: string;
  /** Throws a DomainError when the provider does not answer. */
  begin(visitor: Visitor, may: { readonly signUp: boolean }): Promise<Begun<{ url: string }>>;
  /** Makes somebody at the provider the person who is signed in. Throws a DomainError as above. */
  connect(visitor: Visitor, userId: string): Promise<Begun<{ url: string }>>;
  finish(visitor: Visitor, query: Readonly<Record<string, string>>): Promise<Finished>;
}

export interface Authentication {
  hashPassword(password: string): Promise<string>;
  isPassword(hash: string, password: string): Promise<boolean>;
  /** The secret of a new session; `undefined`, after the same time, for a wrong password and an unknown address. */
  signInByPassword(visitor: Visitor, login: { email: string; password: string }): Promise<string | undefined>;
  askForPasskey(visitor: Visitor): Promise<Begun<PasskeyQuestion>>;
  /** The secret of a new session; `undefined` when the passkey is not known, or nobody asked for it. */
  signInByPasskey(visitor: Visitor, credential: PasskeyAnswer): Promise<string | undefined>;
  /** For somebody who is signed in. Throws a DomainError when that is too long ago. */
  askForNewPasskey(visitor: Visitor): Promise<Begun<NewPasskeyQuestion>>;
  /** Throws a DomainError when it does not answer what was asked. */
  addPasskey(visitor: Visitor, passkey: { name: string; credential: NewPasskeyAnswer }): Promise<{ id: string }>;
  /** `undefined` when no provider is configured. */
  readonly singleSignOn: SingleSignOn | undefined;
}
