import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Dialog } from "./dialog.tsx";
import styles from "./rows.module.css";

interface ConfirmProps {
  title: string;
  /** What comes of it. */
  children: ReactNode;
  /** What the button says that does it. */
  action: string;
  /** Whether something is lost by it. Default true. */
  ends?: boolean;
  onConfirm: () => void;
  /** The button that asks. */
  asks: (open: () => void) => ReactNode;
}

/** Says what will come of something, and does it only then. */
export function Confirm({ title, children, action, ends = true, onConfirm, asks }: ConfirmProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const confirm = () => {
    close();
    onConfirm();
  };
  return (
    <>
      {asks(open)}
      <Dialog title={title} opened={opened} onClose={close}>
        <p>{children}</p>
        <div className={styles.fields}>
          <Button {...(ends && { color: "red" })} onClick={confirm}>
            {action}
          </Button>
          <Button variant="default" data-autofocus onClick={close}>
            Keep it as it is
          </Button>
        </div>
      </Dialog>
    </>
  );
}
