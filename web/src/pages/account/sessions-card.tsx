import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { endSessionMutation, openSessionsQuery } from "../../api/keys.ts";
import { Ago } from "../../components/ago.tsx";
import { browserName } from "../../components/browser-name.ts";
import { ConfirmedRowButton } from "../../components/confirmed-row-button.tsx";
import { ListCard } from "../../components/list-card.tsx";
import styles from "../../components/rows.module.css";

export function SessionsCard() {
  const query = useInfiniteQuery(openSessionsQuery);
  const end = useMutation(endSessionMutation(useQueryClient()));
  const others = (
    <Button
      variant="default"
      loading={end.isPending && end.variables === undefined}
      onClick={() => end.mutate(undefined)}
    >
      Sign out everywhere else
    </Button>
  );
  return (
    <ListCard
      title="Sessions"
      note="Where you are signed in."
      actions={others}
      query={query}
      what="the sessions"
      header={["Browser", "Address", "Last used", "Change"]}
      empty="You are signed in nowhere."
      error={end.error}
      row={({ id, agent, address = "not known", seenAt, current }) => ({
        key: id,
        cells: [
          <span key="agent" className={styles.wide} title={agent}>
            {browserName(agent)}
          </span>,
          address,
          <Ago key="seen" at={seenAt} />,
          current ? (
            "this one"
          ) : (
            <ConfirmedRowButton
              key="end"
              action="Sign out"
              label={`Sign out ${browserName(agent)} at ${address}`}
              loading={end.isPending && end.variables === id}
              onConfirm={() => end.mutate(id)}
            >
              Whoever uses it there signs in again.
            </ConfirmedRowButton>
          ),
        ],
      })}
    />
  );
}
