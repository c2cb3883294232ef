import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createOrganizationMutation } from "../../api/organizations.ts";
import { Card } from "../../components/card.tsx";
import styles from "../../components/rows.module.css";
import { Trouble } from "../../components/trouble.tsx";

export function NewOrganizationCard() {
  const create = useMutation(createOrganizationMutation(useQueryClient()));
  const [name, setName] = useState("");
  return (
    <Card title="Another organization" note="It has stores, members and keys of its own, and belongs to you.">
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name: name.trim() }, { onSuccess: () => setName("") });
        }}
      >
        <TextInput
          label="Name"
          description="Small letters, digits and dashes."
          value={name}
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="none"
          onChange={({ currentTarget: { value } }) => setName(value)}
        />
        <Button type="submit" variant="light" loading={create.isPending}>
          Make it
        </Button>
      </form>
      <Trouble error={create.error} />
      {create.data !== undefined && <p role="status">{create.data.name} is yours.</p>}
    </Card>
  );
}
