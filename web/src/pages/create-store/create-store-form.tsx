import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Platform } from "../../../../automation-api/contract/platform.ts";
import { createStoreMutation } from "../../api/change-store.ts";
import { useIdempotencyKey } from "../../api/idempotency-key.ts";
import { Card } from "../../components/card.tsx";
import { EngineChoice, PlanChoice } from "./choices.tsx";
import styles from "./create-store.module.css";
import { check, errorsFrom, type FieldErrors, type FormValues, keepDraft, readDraft } from "./form.ts";
import { NameField } from "./name-field.tsx";
import { AdminFields, ClusterField, SellingFields } from "./other-fields.tsx";
import { Summary } from "./summary.tsx";

export function CreateStoreForm({ platform }: { platform: Platform }) {
  const keyFor = useIdempotencyKey();
  const navigate = useNavigate();
  const create = useMutation(createStoreMutation(useQueryClient()));
  const form = useForm<FormValues>({
    initialValues: readDraft(globalThis.sessionStorage),
    validate: (values) => check(values).errors,
    validateInputOnBlur: true,
    clearInputErrorOnChange: true,
    onValuesChange: (values) => keepDraft(globalThis.sessionStorage, values),
  });

  const focusFirst = (errors: FieldErrors) => {
    const [first] = Object.keys(errors);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };

  const submit = form.onSubmit((values) => {
    const { request } = check(values);
    if (request === undefined) return;
    create.mutate(
      { request, key: keyFor(request) },
      {
        onSuccess: ({ store }) => {
          keepDraft(globalThis.sessionStorage, undefined);
          void navigate({ to: "/stores/$name", params: { name: store.name } });
        },
        onError: (error) => {
          form.setErrors(errorsFrom(error));
          focusFirst(errorsFrom(error));
        },
      },
    );
  }, focusFirst);

  const said = create.error !== null && Object.keys(errorsFrom(create.error)).length === 0 ? create.error : undefined;
  return (
    <form onSubmit={submit} noValidate className={styles.layout} aria-label="New store">
      <div className={styles.fields}>
        <Card title="What is it called?">
          <NameField form={form} />
        </Card>
        <Card title="Engine" note="The shop software your store runs on.">
          <EngineChoice form={form} platform={platform} />
        </Card>
        <Card title="Plan" note="What the store may use of the cluster.">
          <PlanChoice form={form} platform={platform} />
        </Card>
        {platform.clusters.length > 1 && (
          <Card title="Where does it run?">
            <ClusterField form={form} platform={platform} />
          </Card>
        )}
        <Card title="Selling">
          <SellingFields form={form} />
        </Card>
        <Card title="Admin and address">
          <AdminFields form={form} />
        </Card>
      </div>
      <Summary values={form.values} platform={platform} pending={create.isPending} error={said} />
    </form>
  );
}
