import { type ReactNode, useEffect, useRef, useState } from "react";
import styles from "./when-seen.module.css";

interface WhenSeenProps {
  /** Drawn, and loaded, once its place comes into sight. */
  children: ReactNode;
  /** Stands there until then. */
  fallback: ReactNode;
}

/** Leaves alone what nobody has scrolled to yet. */
export function WhenSeen({ children, fallback }: WhenSeenProps) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(() => !("IntersectionObserver" in globalThis));
  useEffect(() => {
    if (seen || place.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [seen]);
  return (
    <div ref={place} className={styles.place}>
      {seen ? children : fallback}
    </div>
  );
}
