import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endSessionMutation, openSessionsQuery } from "../../api/keys.ts";
import { Ago } from "../../components/ago.tsx";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import styles from "../../components/rows.module.css";
import { Rows } from "../../components/rows.tsx";
import { Trouble } from "../../components/trouble.tsx";

export function SessionsCard() {
  const query = useQuery(openSessionsQuery);
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
    <Card title="Sessions" note="Where you are signed in." actions={others}>
      <Answer query={query} what="the sessions">
        {({ items }) => (
          <Rows
            label="Sessions"
            header={["Browser", "Address", "Last used", "Change"]}
            empty="You are signed in nowhere."
            rows={items.map(({ id, agent = "not known", address = "not known", seenAt, current }) => ({
              key: id,
              cells: [
                <span key="agent" className={styles.wide}>
                  {agent}
                </span>,
                address,
                <Ago key="seen" at={seenAt} />,
                current ? (
                  "this one"
                ) : (
                  <Button
                    key="end"
                    variant="subtle"
                    color="red"
                    size="compact-sm"
                    aria-label={`Sign out ${agent}`}
                    onClick={() => end.mutate(id)}
                  >
                    Sign out
                  </Button>
                ),
              ],
            }))}
          />
        )}
      </Answer>
      <Trouble error={end.error} />
    </Card>
  );
}
