import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRotate } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Store } from "../../../../automation-api/contract/store.ts";
import { rotateSecretsMutation } from "../../api/change-store.ts";
import { sentenceOf } from "../../api/errors.ts";
import { useIdempotencyKey } from "../../api/idempotency-key.ts";
import tones from "../../components/tone.module.css";
import styles from "./store.module.css";

/** Says what new secrets come to before they are made. */
export function RotateButton({ store }: { store: Pick<Store, "name" | "displayName" | "operation"> }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconRotate size={17} aria-hidden />} onClick={open}>
        Make new secrets
      </Button>
      <Modal.Root opened={opened} onClose={close} centered>
        <Modal.Overlay />
        <Modal.Content>
          <Modal.Body className={styles.dialog ?? ""}>
            <Modal.Title component="h2" className={styles.dialogTitle ?? ""}>
              Make new secrets for {store.displayName}?
            </Modal.Title>
            <Confirm store={store} onDone={close} />
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}

function Confirm({
  store: { name, operation },
  onDone,
}: {
  store: Pick<Store, "name" | "operation">;
  onDone: () => void;
}) {
  const keyFor = useIdempotencyKey();
  const rotate = useMutation(rotateSecretsMutation(useQueryClient(), name));
  return (
    <div className={styles.live}>
      <p>
        The password of the admin, keys and salts are replaced, on Medusa that of the database, too; the ones before are
        refused. The store sells meanwhile. Whoever is signed in to it signs in again.
      </p>
      {rotate.isError && (
        <p role="alert" className={`${styles.reason} ${tones.bad}`}>
          {sentenceOf(rotate.error)}
        </p>
      )}
      <div className={styles.actions}>
        <Button
          data-autofocus
          loading={rotate.isPending}
          onClick={() => rotate.mutate(keyFor(operation.id), { onSuccess: onDone })}
        >
          Make new secrets
        </Button>
        <Button variant="default" onClick={onDone}>
          Keep these
        </Button>
      </div>
    </div>
  );
}
