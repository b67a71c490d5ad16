import styles from './Skeleton.module.css';

/** Grey lines in the shape of what is coming; screen readers hear the label instead. */
export function Skeleton({ lines = 4, label }: { readonly lines?: number; readonly label: string }) {
  return (
    <div className={styles['skeleton']} role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} aria-hidden="true" className={styles['line']} />
      ))}
    </div>
  );
}
