import type { ReactNode } from "react";
import { Confirm } from "./confirm.tsx";
import { RowButton } from "./row-button.tsx";

interface ConfirmedRowButtonProps {
  /** What it does, to be read in its row and on the button that does it. */
  action: string;
  /** What it does, and to what. */
  label: string;
  /** What comes of it. */
  children: ReactNode;
  loading?: boolean;
  onConfirm: () => void;
}

/** What can be done with the thing of a row, after it was said what comes of it. */
export function ConfirmedRowButton({ action, label, children, loading = false, onConfirm }: ConfirmedRowButtonProps) {
  return (
    <Confirm
      title={`${label}?`}
      action={action}
      onConfirm={onConfirm}
      asks={(ask) => (
        <RowButton label={label} loading={loading} onClick={ask}>
          {action}
        </RowButton>
      )}
    >
      {children}
    </Confirm>
  );
}
