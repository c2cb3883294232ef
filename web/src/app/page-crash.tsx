import type { ErrorComponentProps } from "@tanstack/react-router";
import { Failed } from "../components/faces.tsx";

/** A page that could not be loaded or drawn. A file of the dashboard that is gone means that it was replaced. */
export function PageCrash({ error }: ErrorComponentProps) {
  return <Failed title="This page could not be shown" error={error} onRetry={() => window.location.reload()} />;
}
