import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ROLES, type Role, roleSchema } from "../../../../automation-api/contract/people.ts";
import { invitationsQuery, inviteMutation, withdrawMutation } from "../../api/organizations.ts";
import { ConfirmedRowButton } from "../../components/confirmed-row-button.tsx";
import { formatDateTime } from "../../components/format.ts";
import { ListCard } from "../../components/list-card.tsx";
import styles from "../../components/rows.module.css";
import { SecretOnce } from "../../components/secret-once.tsx";
import { Trouble } from "../../components/trouble.tsx";

export function InvitationsCard({ organization, mayMakeOwners }: { organization: string; mayMakeOwners: boolean }) {
  const client = useQueryClient();
  const query = useInfiniteQuery(invitationsQuery(organization));
  const withdraw = useMutation(withdrawMutation(client, organization));
  return (
    <ListCard
      title="Invitations"
      note="A link lets one person in, once, within a week."
      form={<InviteForm organization={organization} mayMakeOwners={mayMakeOwners} />}
      query={query}
      what="the invitations"
      header={["For", "Role", "Until", "Change"]}
      empty="Nobody is invited."
      error={withdraw.error}
      row={({ id, note = "somebody", role, expiresAt }) => ({
        key: id,
        cells: [
          note,
          role,
          formatDateTime(expiresAt),
          <ConfirmedRowButton
            key="withdraw"
            action="Withdraw"
            label={`Withdraw the invitation for ${note}`}
            loading={withdraw.isPending && withdraw.variables === id}
            onConfirm={() => withdraw.mutate(id)}
          >
            Its link lets nobody in any more.
          </ConfirmedRowButton>,
        ],
      })}
    />
  );
}

function InviteForm({ organization, mayMakeOwners }: { organization: string; mayMakeOwners: boolean }) {
  const invite = useMutation(inviteMutation(useQueryClient(), organization));
  const [note, setNote] = useState("");
  const [role, setRole] = useState<Role>("member");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const words = note.trim();
        invite.mutate({ role, ...(words !== "" && { note: words }) }, { onSuccess: () => setNote("") });
      }}
    >
      <div className={styles.fields}>
        <TextInput
          label="Whom for"
          value={note}
          maxLength={100}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => setNote(value)}
        />
        <NativeSelect
          label="Role"
          value={role}
          data={ROLES.filter((each) => each !== "owner" || mayMakeOwners)}
          onChange={({ currentTarget: { value } }) => setRole(roleSchema.parse(value))}
        />
        <Button type="submit" loading={invite.isPending}>
          Invite
        </Button>
      </div>
      <Trouble error={invite.error} />
      {invite.data !== undefined && (
        <SecretOnce what="the link" value={invite.data.link}>
          Give this link to whom it is for. It is not shown again.
        </SecretOnce>
      )}
    </form>
  );
}
