import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import styles from "./copy.module.css";

interface CopyProps {
  /** What is copied, as in "Copy the password". */
  what: string;
  value: string;
}

export function Copy({ what, value }: CopyProps) {
  const clipboard = useClipboard({ timeout: 1800 });
  return (
    <>
      <Tooltip label={clipboard.copied ? "Copied" : `Copy ${what}`}>
        <ActionIcon
          variant="subtle"
          color={clipboard.copied ? "harbor" : "gray"}
          size={34}
          aria-label={`Copy ${what}`}
          onClick={() => clipboard.copy(value)}
        >
          {clipboard.copied ? <IconCheck size={17} aria-hidden /> : <IconCopy size={17} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{clipboard.copied ? "Copied" : ""}</VisuallyHidden>
    </>
  );
}

/** A shell line to take along. */
export function CommandLine({ command, what = "the command" }: { command: string; what?: string }) {
  return (
    <div className={styles.line}>
      <code className={styles.code}>{command}</code>
      <Copy what={what} value={command} />
    </div>
  );
}
