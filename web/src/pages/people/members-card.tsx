import { NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Member, ROLES, roleSchema } from "../../../../automation-api/contract/people.ts";
import { changeMemberMutation, membersQuery, removeMemberMutation } from "../../api/organizations.ts";
import { Ago } from "../../components/ago.tsx";
import { ListCard } from "../../components/list-card.tsx";
import { RowButton } from "../../components/row-button.tsx";

interface MembersCardProps {
  organization: string;
  /** Whether the one who looks may change something. */
  manages: boolean;
  /** Id of the one who looks. */
  self: string | undefined;
}

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
  const leaveOf = ({ id, name }: Member) =>
    (manages || id === self) && (
      <RowButton
        label={id === self ? "Leave" : `Remove ${name}`}
        loading={remove.isPending && remove.variables === id}
        onClick={() => remove.mutate(id)}
      >
        {id === self ? "Leave" : "Remove"}
      </RowButton>
    );
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
