import { IconCircleCheckFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { readVersion } from "../../../../automation-api/contract/choices.ts";
import type { PlanCost, Platform } from "../../../../automation-api/contract/platform.ts";
import { formatCount, formatCpu, formatMemory } from "../../components/format.ts";
import { planNotes, planTitles } from "../../components/words.ts";
import styles from "./create-store.module.css";
import type { Form } from "./name-field.tsx";

interface ChoiceProps {
  form: Form;
  platform: Platform;
}

interface ChoiceCardProps {
  field: "engine" | "plan";
  value: string;
  title: string;
  note: string;
  form: Form;
  children?: ReactNode;
}

/** A radio button as large as what it stands for. */
function ChoiceCard({ field, value, title, note, form, children }: ChoiceCardProps) {
  return (
    <label className={styles.choice}>
      <input
        type="radio"
        name={field}
        value={value}
        checked={form.values[field] === value}
        onChange={() => form.setFieldValue(field, value)}
      />
      <span className={styles.choiceHead}>
        {title}
        <span className={styles.tick} aria-hidden>
          <IconCircleCheckFilled size={20} />
        </span>
      </span>
      <span className={styles.choiceNote}>{note}</span>
      {children}
    </label>
  );
}

const engineNotes: Readonly<Record<string, string>> = {
  medusa: "A modern store with an API for everything, an admin panel and a quick storefront.",
  woocommerce: "The shop many owners know, on WordPress: pages, products and orders in one admin panel.",
};

export function EngineChoice({ form, platform }: ChoiceProps) {
  return (
    <fieldset className={styles.choices} aria-label="Engine">
      {platform.engines.map(({ engine, title, version }) => (
        <ChoiceCard
          key={engine}
          field="engine"
          value={engine}
          title={title}
          note={`${engineNotes[engine] ?? ""} Version ${readVersion(version)}.`.trim()}
          form={form}
        />
      ))}
    </fieldset>
  );
}

export function PlanChoice({ form, platform }: ChoiceProps) {
  const engine = platform.engines.find((known) => known.engine === form.values.engine) ?? platform.engines[0];
  return (
    <fieldset className={styles.choices} aria-label="Plan">
      {engine?.plans.map((cost) => (
        <ChoiceCard
          key={cost.plan}
          field="plan"
          value={cost.plan}
          title={planTitles[cost.plan]}
          note={planNotes[cost.plan]}
          form={form}
        >
          <Costs cost={cost} />
          {cost.notes.map((note) => (
            <span key={note} className={styles.choiceNote}>
              {note}
            </span>
          ))}
        </ChoiceCard>
      ))}
    </fieldset>
  );
}

export function Costs({ cost: { cpu, memory, storage, pods } }: { cost: PlanCost }) {
  const rows = [
    ["CPU", `up to ${formatCpu(cpu.limit)}`],
    ["Memory", `up to ${formatMemory(memory.limit)}`],
    ["Storage", `${formatCount(storage)} GiB`],
    ["Pods", formatCount(pods)],
  ];
  return (
    <span className={styles.costs}>
      {rows.map(([what, much]) => (
        <span key={what} className={styles.cost}>
          <span className={styles.costName}>{what}</span> <span className={styles.costMuch}>{much}</span>
        </span>
      ))}
    </span>
  );
}
