import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { itemsOf } from "../../api/pages.ts";
import { peopleQuery, signInLinkMutation } from "../../api/people.ts";
import { Ago } from "../../components/ago.tsx";
import { ListCard } from "../../components/list-card.tsx";
import { RowButton } from "../../components/row-button.tsx";
import { SecretOnce } from "../../components/secret-once.tsx";

/** Everybody there is, and a way back in for those who have lost theirs. */
export function EverybodyCard() {
  const query = useInfiniteQuery(peopleQuery);
  const make = useMutation(signInLinkMutation());
  const whose = query.data && itemsOf(query.data).find(({ id }) => id === make.variables)?.name;
  return (
    <ListCard
      title="Everybody"
      note="A sign-in link lets its person in once, within an hour, and choose another password."
      form={
        make.data !== undefined && (
          <SecretOnce what="the link" value={make.data.link}>
            {`Give this link to ${whose ?? "that person"} and to nobody else. It is not shown again.`}
          </SecretOnce>
        )
      }
      query={query}
      what="the people"
      header={["Name", "E-mail address", "Belongs to", "Since", "Way in"]}
      empty="There is nobody."
      error={make.error}
      row={({ id, name, email, administrator, organizations, createdAt }) => ({
        key: id,
        cells: [
          administrator ? `${name} (administrator)` : name,
          email ?? "none",
          organizations.map((organization) => `${organization.name} (${organization.role})`).join(", ") || "nothing",
          <Ago key="since" at={createdAt} />,
          <RowButton
            key="link"
            label={`Make a sign-in link for ${name}`}
            ends={false}
            loading={make.isPending && make.variables === id}
            onClick={() => make.mutate(id)}
          >
            Make a sign-in link
          </RowButton>,
        ],
      })}
    />
  );
}
