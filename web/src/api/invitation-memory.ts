// An invitation that was opened before somebody went to sign in. Kept by the tab, and only until they are back.

const KEY = "storefleet-invitation";

export function rememberInvitation(token: string): void {
  sessionStorage.setItem(KEY, token);
}

/** The token that was remembered; it is forgotten by that. */
export function takeInvitation(): string | undefined {
  const token = sessionStorage.getItem(KEY) ?? undefined;
  sessionStorage.removeItem(KEY);
  return token;
}
