import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEye, IconEyeOff, IconKey } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { CredentialsAnswer, Store } from "../../../../automation-api/contract/store.ts";
import { sentenceOf } from "../../api/errors.ts";
import { credentialsQuery } from "../../api/get-credentials.ts";
import { Card } from "../../components/card.tsx";
import { Copy } from "../../components/copy.tsx";
import tones from "../../components/tone.module.css";
import { Fact } from "./details-card.tsx";
import { RotateButton } from "./rotate-button.tsx";
import styles from "./store.module.css";

/** Nothing secret is asked for before somebody wants it: each reading is written down by the service. */
export function CredentialsCard({ store }: { store: Store }) {
  const { name, can } = store;
  const client = useQueryClient();
  const { data, error, isFetching, refetch } = useQuery(credentialsQuery(name));
  const forget = () => client.resetQueries({ queryKey: credentialsQuery(name).queryKey });
  return (
    <Card
      title="Credentials"
      note="With what you sign in to the admin panel. Every reading is recorded."
      actions={
        data === undefined ? undefined : (
          <Button variant="subtle" color="gray" size="compact-md" onClick={forget}>
            Put away
          </Button>
        )
      }
    >
      {data !== undefined && <Secrets credentials={data} />}
      {data === undefined && (
        <div className={styles.close}>
          {error !== null && (
            <p role="alert" className={`${styles.reason} ${tones.bad}`}>
              {sentenceOf(error)}
            </p>
          )}
          <div className={styles.actions}>
            <Button
              variant="light"
              leftSection={<IconKey size={17} aria-hidden />}
              loading={isFetching}
              onClick={() => refetch()}
            >
              {error === null ? "Get credentials" : "Try again"}
            </Button>
            {can.rotate && <RotateButton store={store} />}
          </div>
        </div>
      )}
    </Card>
  );
}

function Secrets({ credentials: { adminUrl, adminUser, adminPassword, keys } }: { credentials: CredentialsAnswer }) {
  return (
    <dl className={styles.facts}>
      {adminUrl !== undefined && (
        <Fact name="Admin panel">
          <span className={styles.secret}>
            <a className={styles.secretValue} href={adminUrl} target="_blank" rel="noreferrer">
              {adminUrl}
            </a>
            <Copy what="the address" value={adminUrl} />
          </span>
        </Fact>
      )}
      <Fact name="User">
        <span className={styles.secret}>
          <code className={styles.secretValue}>{adminUser}</code>
          <Copy what="the user" value={adminUser} />
        </span>
      </Fact>
      <Secret name="Password" value={adminPassword} />
      {Object.entries(keys).map(([name, value]) => (
        <Secret key={name} name={titleOf(name)} value={value} />
      ))}
    </dl>
  );
}

function Secret({ name, value }: { name: string; value: string }) {
  const [shown, { toggle }] = useDisclosure(false);
  const what = `${shown ? "Hide" : "Reveal"} ${name.toLowerCase()}`;
  return (
    <Fact name={name}>
      <span className={styles.secret}>
        <code className={styles.secretValue}>
          {shown ? (
            value
          ) : (
            <span aria-label="hidden" role="img">
              ••••••••••••
            </span>
          )}
        </code>
        <Tooltip label={what}>
          <ActionIcon variant="subtle" color="gray" size={34} aria-label={what} aria-pressed={shown} onClick={toggle}>
            {shown ? <IconEyeOff size={17} aria-hidden /> : <IconEye size={17} aria-hidden />}
          </ActionIcon>
        </Tooltip>
        <Copy what={`the ${name.toLowerCase()}`} value={value} />
      </span>
    </Fact>
  );
}

/** `Publishable key` for `publishableKey`. */
function titleOf(key: string): string {
  const words = key
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/[-_]/g, " ")
    .toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
