import { Centered } from "./centered.tsx";
import { WaysIn } from "./ways-in.tsx";

/** For somebody without a session. The address stays, so that signing in leads back here. */
export function SignedOut() {
  return (
    <Centered title="Sign in">
      <WaysIn />
    </Centered>
  );
}
