import styles from './Brand.module.css';

/** Name and mark in one place, where a white label will replace them. */
export function Brand() {
  return (
    <div className={styles['brand']}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="8" className={styles['ground']} />
        <path d="M8 12.5 16 8l8 4.5-8 4.5z" className={styles['top']} />
        <path d="m8 17 8 4.5 8-4.5M8 20.5 16 25l8-4.5" className={styles['layers']} />
      </svg>
      <span>Sendense</span>
    </div>
  );
}
