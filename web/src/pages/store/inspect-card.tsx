import { Card } from "../../components/card.tsx";
import { CommandLine } from "../../components/copy.tsx";
import styles from "./store.module.css";

/** The lines belong together: each needs what the ones above it set. */
export function InspectCard({ commands }: { commands: readonly string[] }) {
  return (
    <Card title="Look at the stack yourself" note="The same stack, with the plain pulumi command.">
      {commands.length === 0 ? (
        <p className={styles.dim}>There is no stack to look at yet.</p>
      ) : (
        <CommandLine command={commands.join("\n")} what="the commands" />
      )}
    </Card>
  );
}
