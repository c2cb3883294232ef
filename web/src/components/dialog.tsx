import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./dialog.module.css";

interface DialogProps {
  /** What is asked. */
  title: string;
  opened: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A question in the middle of the screen; Escape, or a click beside it, says no. */
export function Dialog({ title, opened, onClose, children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className={styles.dialog ?? ""}>
          <Modal.Title component="h2" className={styles.title ?? ""}>
            {title}
          </Modal.Title>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
