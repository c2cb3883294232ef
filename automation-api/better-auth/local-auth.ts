import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { type AuthOptions, authOptions, passkeyTable } from "./options.ts";

/** Passwords and passkeys: what needs nobody but us. */
export function createLocalAuth(options: AuthOptions, key: string) {
  const { publicOrigin } = options;
  const passkeys = passkey({
    rpID: new URL(publicOrigin).hostname,
    rpName: "Storefleet",
    origin: publicOrigin,
    advanced: { webAuthnChallengeCookie: "passkey" },
    // Discoverable: nobody has to say who they are first.
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    schema: passkeyTable,
  });
  return betterAuth({ ...authOptions(options, key), plugins: [passkeys] });
}
