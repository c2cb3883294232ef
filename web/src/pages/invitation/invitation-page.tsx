import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { rememberInvitation } from "../../api/invitation-memory.ts";
import { acceptMutation } from "../../api/organizations.ts";
import { sessionQuery } from "../../api/session.ts";
import { waysInQuery } from "../../api/sign-in.ts";
import styles from "../../components/centered.module.css";
import { Centered } from "../../components/centered.tsx";
import { PersonForm, type PersonValues } from "../../components/person-form.tsx";
import { Trouble } from "../../components/trouble.tsx";
import { SingleSignOnButton } from "../../components/ways-in.tsx";

/** Lets whoever has the link in: as who they are, or as somebody new. */
export function InvitationPage() {
  const hash = useLocation({ select: (location) => location.hash });
  // Kept, because it is taken out of the address once it was used.
  const [token] = useState(() => new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "");
  const session = useQuery(sessionQuery);
  const { data: ways } = useQuery(waysInQuery);
  const known = session.data?.user.name;
  if (session.isPending) return <Centered title="Invitation">One moment…</Centered>;
  if (known !== undefined) {
    return (
      <Centered title="Invitation">
        <p className={styles.text}>{`You are signed in as ${known}, and join as who you are.`}</p>
        <AcceptForm token={token} isNew={false} />
      </Centered>
    );
  }
  const title = ways?.singleSignOn?.title;
  return (
    <Centered title="Invitation">
      <p className={styles.text}>You are invited to an organization. Say who you are, and you are in.</p>
      <AcceptForm token={token} isNew />
      {title !== undefined && <SingleSignOnButton title={title} invitation={token} />}
      <p className={styles.text}>
        Been here before?{" "}
        <Link to="/sign-in" onClick={() => rememberInvitation(token)}>
          Sign in
        </Link>
        , and join as who you are.
      </p>
    </Centered>
  );
}

function AcceptForm({ token, isNew }: { token: string; isNew: boolean }) {
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMutation(acceptMutation(useQueryClient()));
  const accept = (values?: PersonValues) =>
    mutate({ token, ...values }, { onSuccess: () => navigate({ to: "/", hash: "", replace: true }) });
  const submit = "Accept the invitation";
  if (isNew) {
    const state = { pending: isPending, error, disabled: token === "" };
    return <PersonForm isNew submit={submit} {...state} onSubmit={accept} />;
  }
  return (
    <div className={styles.form}>
      <Button loading={isPending} disabled={token === ""} onClick={() => accept()}>
        {submit}
      </Button>
      <Trouble error={error} />
    </div>
  );
}
