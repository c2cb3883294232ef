import { Button } from "@mantine/core";

interface RowButtonProps {
  /** What it does, to be read in its row. */
  children: string;
  /** What it does, and to what. */
  label: string;
  loading?: boolean;
  /** Whether something is lost by it. Default true. */
  ends?: boolean;
  onClick: () => void;
}

/** What can be done with the thing of a row. */
export function RowButton({ children, label, loading = false, ends = true, onClick }: RowButtonProps) {
  return (
    <Button
      variant="subtle"
      {...(ends && { color: "red" })}
      size="compact-sm"
      aria-label={label}
      loading={loading}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
