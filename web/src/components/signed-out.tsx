import styles from "./centered.module.css";
import { Centered } from "./centered.tsx";
import { CommandLine } from "./copy.tsx";

/** For somebody without a session. The address stays, so that signing in leads back here. */
export function SignedOut() {
  return (
    <Centered title="Sign in">
      <p className={styles.text}>
        There is no password. On the machine that runs Storefleet, ask for a link and open it:
      </p>
      <NewLink />
    </Centered>
  );
}

/** How to come by a sign-in link. */
export function NewLink() {
  return (
    <>
      <CommandLine command="npm run sign-in" />
      <p className={styles.text}>It prints an address that works once, for one hour.</p>
    </>
  );
}
