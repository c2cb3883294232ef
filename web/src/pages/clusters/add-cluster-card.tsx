import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LONGEST_KUBECONFIG } from "../../../../automation-api/contract/cluster.ts";
import { addClusterMutation } from "../../api/clusters.ts";
import { Card } from "../../components/card.tsx";
import styles from "../../components/rows.module.css";
import { errorIn } from "../../components/text-fields.tsx";
import { Trouble } from "../../components/trouble.tsx";

const empty = { name: "", description: "", kubeconfig: "", baseDomain: "", storageClass: "" };

/** What is left empty is as at home. */
function asSent({ name, description, kubeconfig, baseDomain, storageClass }: typeof empty) {
  const target = { ...(baseDomain !== "" && { baseDomain }), ...(storageClass !== "" && { storageClass }) };
  return { name: name.trim(), description, kubeconfig, target };
}

export function AddClusterCard() {
  const add = useMutation(addClusterMutation(useQueryClient()));
  const [values, setValues] = useState(empty);
  const field = (key: keyof typeof empty) => ({
    value: values[key],
    error: errorIn(add.error, key) ?? errorIn(add.error, `target.${key}`),
    autoComplete: "off",
    spellCheck: false,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setValues({ ...values, [key]: value }),
  });
  return (
    <Card title="Add a cluster" note="Its kubeconfig is kept encrypted and never shown again.">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(asSent(values), { onSuccess: () => setValues(empty) });
        }}
      >
        <TextInput {...field("name")} label="Name" required maxLength={40} placeholder="frankfurt" />
        <TextInput {...field("description")} label="What people read who choose it" maxLength={100} />
        <Textarea
          {...field("kubeconfig")}
          label="Kubeconfig"
          description="With certificates and tokens in it. One that names files or programs is refused."
          required
          rows={8}
          maxLength={LONGEST_KUBECONFIG}
        />
        <TextInput
          {...field("baseDomain")}
          label="Base domain"
          description="Stores get their name before it. Empty: as at home."
          placeholder="eu.example.com"
        />
        <TextInput {...field("storageClass")} label="Storage class" description="Of volumes. Empty: as at home." />
        <div>
          <Button type="submit" loading={add.isPending}>
            Add the cluster
          </Button>
        </div>
        <Trouble error={add.error} />
      </form>
    </Card>
  );
}
