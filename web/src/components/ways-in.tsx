import { Button, Divider } from "@mantine/core";
import { IconFingerprint, IconLogin2 } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { rememberInvitation } from "../api/invitation-memory.ts";
import { knowsPasskeys } from "../api/passkeys.ts";
import { passkeySignInMutation, passwordSignInMutation, singleSignOnMutation, waysInQuery } from "../api/sign-in.ts";
import styles from "./centered.module.css";
import { CommandLine } from "./copy.tsx";
import { PersonForm } from "./person-form.tsx";
import { Trouble } from "./trouble.tsx";

/** Every way to sign in that there is here. Who has signed in is seen by the session's query. */
export function WaysIn() {
  const { data: ways } = useQuery(waysInQuery);
  return (
    <>
      <PasswordForm />
      <Divider label="or" labelPosition="center" />
      <PasskeyButton />
      {ways?.singleSignOn !== undefined && <SingleSignOnButton title={ways.singleSignOn.title} />}
      {ways?.signUp === "open" && (
        <p className={styles.text}>
          New here? <Link to="/sign-up">Sign up</Link>
        </p>
      )}
      <details className={styles.more}>
        <summary>Another way in</summary>
        <p>Forgotten your password? An administrator can give you a link. On the machine that runs Storefleet:</p>
        <NewLink />
      </details>
    </>
  );
}

function PasswordForm() {
  const { mutate, isPending, error } = useMutation(passwordSignInMutation(useQueryClient()));
  return (
    <PersonForm
      isNew={false}
      submit="Sign in"
      pending={isPending}
      error={error}
      onSubmit={({ email, password }) => mutate({ email, password })}
    />
  );
}

function PasskeyButton() {
  const signIn = useMutation(passkeySignInMutation(useQueryClient()));
  if (!knowsPasskeys()) return <p className={styles.text}>This browser has no passkeys for this address.</p>;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFingerprint size={18} aria-hidden />}
        loading={signIn.isPending}
        onClick={() => signIn.mutate()}
      >
        Sign in with a passkey
      </Button>
      <Trouble error={signIn.error} />
    </>
  );
}

/** `invitation`: its token, for somebody new; it is accepted when they are back. */
export function SingleSignOnButton({ title, invitation }: { title: string; invitation?: string }) {
  const begin = useMutation(singleSignOnMutation());
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconLogin2 size={18} aria-hidden />}
        loading={begin.isPending}
        onClick={() => {
          if (invitation !== undefined) rememberInvitation(invitation);
          begin.mutate(invitation);
        }}
      >
        {title}
      </Button>
      <Trouble error={begin.error} />
    </>
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
