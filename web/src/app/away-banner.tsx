import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import styles from "./shell.module.css";

interface AwayBannerProps {
  shown: boolean;
  onRetry: () => void;
  retrying: boolean;
}

/** Says that the service is away. What is on the page stays; once the service is back, everything is asked for again. */
export function AwayBanner({ shown, onRetry, retrying }: AwayBannerProps) {
  const client = useQueryClient();
  const wasAway = useRef(false);
  useEffect(() => {
    if (wasAway.current && !shown) void client.invalidateQueries();
    wasAway.current = shown;
  }, [shown, client]);
  return (
    <div role="status">
      {shown && (
        <div className={styles.banner}>
          <IconPlugConnectedX size={18} aria-hidden />
          The service does not answer. Trying again; nothing you typed is lost.
          <Button size="compact-sm" variant="default" onClick={onRetry} loading={retrying}>
            Try now
          </Button>
        </div>
      )}
    </div>
  );
}
