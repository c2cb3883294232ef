import { Button, Loader } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { ServiceAway, sentenceOf } from "../../api/errors.ts";
import { sessionQuery, signInMutation } from "../../api/session.ts";
import styles from "../../components/centered.module.css";
import { Centered } from "../../components/centered.tsx";
import { ButtonLink } from "../../components/links.tsx";
import { signInProblems } from "../../components/sign-in-problems.ts";
import { NewLink, WaysIn } from "../../components/ways-in.tsx";

/** The token of a sign-in link. It stands in the fragment, which browsers never send, so that no log holds it. */
function tokenOf(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? undefined;
}

export function SignInPage() {
  const token = tokenOf(useLocation({ select: ({ hash }) => hash }));
  const navigate = useNavigate();
  const { mutate, ...signIn } = useMutation(signInMutation(useQueryClient()));
  // A token works once: effects may run twice, sending it may not.
  const sent = useRef<string>(undefined);

  useEffect(() => {
    if (token === undefined || sent.current === token) return;
    sent.current = token;
    mutate(token);
    void navigate({ to: "/sign-in", search: {}, hash: "", replace: true });
  }, [token, mutate, navigate]);

  const done = signIn.isSuccess;
  useEffect(() => {
    if (done) void navigate({ to: "/welcome", replace: true });
  }, [done, navigate]);

  if (signIn.error instanceof ServiceAway) {
    return <Away error={signIn.error} onRetry={() => sent.current !== undefined && mutate(sent.current)} />;
  }
  if (signIn.isError) return <Refused error={signIn.error} />;
  if (token !== undefined || signIn.isPending || done) return <SigningIn />;
  return <NoToken />;
}

function SigningIn() {
  return (
    <Centered title="Signing in">
      <p className={styles.text} role="status">
        <Loader size="xs" aria-hidden /> One moment…
      </p>
    </Centered>
  );
}

/** The link was not used up: nobody was there to take it. */
function Away({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Centered title="Sign in">
      <p className={styles.bad} role="alert">
        {sentenceOf(error)}
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </Centered>
  );
}

function Refused({ error }: { error: unknown }) {
  return (
    <Centered title="This link does not work">
      <p className={styles.bad} role="alert">
        {sentenceOf(error)}
      </p>
      <p className={styles.text}>
        A sign-in link works once, for one hour. Get a new one on the machine that runs Storefleet:
      </p>
      <NewLink />
    </Centered>
  );
}

function NoToken() {
  const { problem } = getRouteApi("/sign-in").useSearch();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const isIn = session !== undefined && session !== null;
  useEffect(() => {
    if (isIn && problem === undefined) void navigate({ to: "/welcome", replace: true });
  }, [isIn, problem, navigate]);
  return (
    <Centered title="Sign in">
      {problem !== undefined && (
        <p className={styles.bad} role="alert">
          {signInProblems[problem]}
        </p>
      )}
      {isIn ? <ButtonLink to="/account">Back to your account</ButtonLink> : <WaysIn />}
    </Centered>
  );
}
