import { useEffect, useState } from "react";

/** The time in milliseconds, anew every `period` milliseconds while `running`. */
export function useNow(period: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), period);
    return () => clearInterval(timer);
  }, [period, running]);
  return now;
}
