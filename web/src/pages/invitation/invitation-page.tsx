import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { acceptMutation } from "../../api/organizations.ts";
import { sessionQuery } from "../../api/session.ts";
import styles from "../../components/centered.module.css";
import { Centered } from "../../components/centered.tsx";
import rows from "../../components/rows.module.css";
import { Trouble } from "../../components/trouble.tsx";

/** Lets whoever has the link in: as who they are, or as somebody new. */
export function InvitationPage() {
  const hash = useLocation({ select: (location) => location.hash });
  // Kept, because it is taken out of the address once it was used.
  const [token] = useState(() => new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "");
  const session = useQuery(sessionQuery);
  const navigate = useNavigate();
  const accept = useMutation(acceptMutation(useQueryClient()));
  const [name, setName] = useState("");
  const known = session.data?.user.name;
  if (session.isPending) return <Centered title="Invitation">One moment…</Centered>;
  return (
    <Centered title="Invitation">
      <p className={styles.text}>
        {known === undefined
          ? "You are invited to an organization. Say what you are called, and you are in."
          : `You are signed in as ${known}, and join as who you are.`}
      </p>
      <form
        className={rows.form}
        onSubmit={(event) => {
          event.preventDefault();
          const body = { token, ...(known === undefined && { name: name.trim() }) };
          accept.mutate(body, { onSuccess: () => navigate({ to: "/", hash: "", replace: true }) });
        }}
      >
        {known === undefined && (
          <TextInput
            label="Your name"
            required
            maxLength={60}
            autoComplete="name"
            value={name}
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
        )}
        <Button type="submit" loading={accept.isPending} disabled={token === ""}>
          Accept the invitation
        </Button>
        <Trouble error={accept.error} />
      </form>
    </Centered>
  );
}
