import { Button, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Store } from "../../../../automation-api/contract/store.ts";
import { deleteStoreMutation } from "../../api/change-store.ts";
import { sentenceOf } from "../../api/errors.ts";
import { useIdempotencyKey } from "../../api/idempotency-key.ts";
import { Dialog } from "../../components/dialog.tsx";
import tones from "../../components/tone.module.css";
import styles from "./store.module.css";

/** Asks for the store's name before anything is lost. */
export function DeleteButton({ store }: { store: Pick<Store, "name" | "displayName" | "operation"> }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="light" color="red" leftSection={<IconTrash size={17} aria-hidden />} onClick={open}>
        Delete store
      </Button>
      <Dialog title={`Delete ${store.displayName}?`} opened={opened} onClose={close}>
        <DeleteForm store={store} onDone={close} />
      </Dialog>
    </>
  );
}

function DeleteForm({
  store: { name, operation },
  onDone,
}: {
  store: Pick<Store, "name" | "operation">;
  onDone: () => void;
}) {
  const [typed, setTyped] = useState("");
  const keyFor = useIdempotencyKey();
  const remove = useMutation(deleteStoreMutation(useQueryClient(), name));
  const matches = typed.trim() === name;
  return (
    <form
      className={styles.live}
      onSubmit={(event) => {
        event.preventDefault();
        if (matches) remove.mutate(keyFor(operation.id), { onSuccess: onDone });
      }}
    >
      <p>Its products, orders, pictures and accounts are deleted for good. There is no way back.</p>
      <TextInput
        label={`Type ${name} to go on`}
        value={typed}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        data-autofocus
        onChange={({ currentTarget: { value } }) => setTyped(value)}
      />
      {remove.isError && (
        <p role="alert" className={`${styles.reason} ${tones.bad}`}>
          {sentenceOf(remove.error)}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="submit" color="red" disabled={!matches} loading={remove.isPending}>
          Delete for good
        </Button>
        <Button variant="default" onClick={onDone}>
          Keep it
        </Button>
      </div>
    </form>
  );
}
