import { formatAgo, formatDateTime } from "./format.ts";
import { useNow } from "./use-now.ts";

/** A moment as people say it, with the exact one behind it. */
export function Ago({ at }: { at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={formatDateTime(at)}>
      {formatAgo(at, Math.max(now, Date.parse(at)))}
    </time>
  );
}
