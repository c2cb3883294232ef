import { Card } from "../../components/card.tsx";
import { Copy } from "../../components/copy.tsx";
import { Fact } from "./details-card.tsx";
import styles from "./store.module.css";

/** The plain outputs of the stack. Secret ones are never among them. */
export function OutputsCard({ outputs }: { outputs: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(outputs).filter(([, value]) => value !== undefined && value !== "");
  return (
    <Card title="Stack outputs" note="What the Pulumi program says about the store.">
      {entries.length === 0 ? (
        <p className={styles.dim}>They are here once the store has been set up.</p>
      ) : (
        <dl className={styles.facts}>
          {entries.map(([name, value]) => (
            <Fact key={name} name={name}>
              <span className={styles.secret}>
                <code className={styles.secretValue}>{textOf(value)}</code>
                <Copy what={name} value={textOf(value)} />
              </span>
            </Fact>
          ))}
        </dl>
      )}
    </Card>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
