import { NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Member, ROLES, roleSchema } from "../../../../automation-api/contract/people.ts";
import { changeMemberMutation, membersQuery, removeMemberMutation } from "../../api/organizations.ts";
import { Ago } from "../../components/ago.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { ListCard } from "../../components/list-card.tsx";
import { RowButton } from "../../components/row-button.tsx";

interface MembersCardProps {
  organization: string;
  /** Whether the one who looks may change something. */
  manages: boolean;
  /** Id of the one who looks. */
  self: string | undefined;
}

const ofLeaving = (organization: string) => ({
  action: "Leave",
  label: "Leave",
  title: `Leave ${organization}?`,
  outcome: "You see nothing of it any more, and your keys for it stop working. Only an invitation lets you in again.",
});

const ofRemoving = (name: string, organization: string) => ({
  action: "Remove",
  label: `Remove ${name}`,
  title: `Remove ${name}?`,
  outcome: `They see nothing of ${organization} any more, and their keys for it stop working. Only an invitation lets them in again.`,
});

export function MembersCard({ organization, manages, self }: MembersCardProps) {
  const client = useQueryClient();
  const query = useInfiniteQuery(membersQuery(organization));
  const change = useMutation(changeMemberMutation(client, organization));
  const remove = useMutation(removeMemberMutation(client, organization));

  const roleOf = ({ id, name, role, version }: Member) =>
    manages ? (
      <NativeSelect
        aria-label={`Role of ${name}`}
        value={role}
        data={[...ROLES]}
        disabled={change.isPending}
        onChange={({ currentTarget: { value } }) => change.mutate({ id, version, role: roleSchema.parse(value) })}
      />
    ) : (
      role
    );
  const leaveOf = ({ id, name }: Member) => {
    if (!manages && id !== self) return null;
    const words = id === self ? ofLeaving(organization) : ofRemoving(name, organization);
    return (
      <Confirm
        title={words.title}
        action={words.action}
        onConfirm={() => remove.mutate(id)}
        asks={(ask) => (
          <RowButton label={words.label} loading={remove.isPending && remove.variables === id} onClick={ask}>
            {words.action}
          </RowButton>
        )}
      >
        {words.outcome}
      </Confirm>
    );
  };
  return (
    <ListCard
      title="Members"
      note="Viewers look on, members run stores, admins manage people, owners do everything."
      query={query}
      what="the members"
      header={["Name", "Role", "Since", "Change"]}
      empty="Nobody belongs to it."
      error={change.error ?? remove.error}
      row={(member) => ({
        key: member.id,
        cells: [member.name, roleOf(member), <Ago key="since" at={member.since} />, leaveOf(member)],
      })}
    />
  );
}
