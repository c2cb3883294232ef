import styles from "./brand.module.css";

/** An awning over a hull: a store that sails. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#13756a" />
      <path
        d="M7.6 7.5h16.8l1.6 5.2a3.1 3.1 0 0 1-6 .9 3.2 3.2 0 0 1-4 2.2 3.2 3.2 0 0 1-4-2.2 3.1 3.1 0 0 1-6-.9z"
        fill="#fff"
      />
      <path d="M6.5 19h19l-2 4.3a3 3 0 0 1-2.7 1.7h-9.6a3 3 0 0 1-2.7-1.7z" fill="#9fdccf" />
    </svg>
  );
}

export function Brand() {
  return (
    <span className={styles.brand}>
      <Mark />
      Storefleet
    </span>
  );
}
