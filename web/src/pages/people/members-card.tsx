import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Member, ROLES, roleSchema } from "../../../../automation-api/contract/people.ts";
import { changeMemberMutation, membersQuery, removeMemberMutation } from "../../api/organizations.ts";
import { Ago } from "../../components/ago.tsx";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import { Rows } from "../../components/rows.tsx";
import { Trouble } from "../../components/trouble.tsx";

interface MembersCardProps {
  organization: string;
  /** Whether the one who looks may change something. */
  manages: boolean;
  /** Id of the one who looks. */
  self: string | undefined;
}

export function MembersCard({ organization, manages, self }: MembersCardProps) {
  const client = useQueryClient();
  const query = useQuery(membersQuery(organization));
  const change = useMutation(changeMemberMutation(client, organization));
  const remove = useMutation(removeMemberMutation(client, organization));

  const roleOf = ({ id, name, role }: Member) =>
    manages ? (
      <NativeSelect
        aria-label={`Role of ${name}`}
        value={role}
        data={[...ROLES]}
        disabled={change.isPending}
        onChange={({ currentTarget: { value } }) => change.mutate({ id, role: roleSchema.parse(value) })}
      />
    ) : (
      role
    );
  const leaveOf = ({ id, name }: Member) =>
    (manages || id === self) && (
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        loading={remove.isPending && remove.variables === id}
        onClick={() => remove.mutate(id)}
        aria-label={id === self ? "Leave" : `Remove ${name}`}
      >
        {id === self ? "Leave" : "Remove"}
      </Button>
    );
  return (
    <Card title="Members" note="Viewers look on, members run stores, admins manage people, owners do everything.">
      <Answer query={query} what="the members">
        {({ items }) => (
          <Rows
            label="Members"
            header={["Name", "Role", "Since", "Change"]}
            empty="Nobody belongs to it."
            rows={items.map((member) => ({
              key: member.id,
              cells: [member.name, roleOf(member), <Ago key="since" at={member.since} />, leaveOf(member)],
            }))}
          />
        )}
      </Answer>
      <Trouble error={change.error ?? remove.error} />
    </Card>
  );
}
