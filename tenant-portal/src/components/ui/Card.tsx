import { useId, type ReactNode } from 'react';
import styles from './Card.module.css';

interface Props {
  readonly title?: ReactNode;
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A titled surface; a region of its own for screen readers when it has a title. */
export function Card({ title, hint, action, flush = false, children }: Props) {
  const id = useId();
  return (
    <section className={styles['card']} aria-labelledby={title === undefined ? undefined : id}>
      {title === undefined ? null : (
        <header className={styles['head']}>
          <div>
            <h2 id={id} className={styles['title']}>
              {title}
            </h2>
            {hint === undefined ? null : <p className={styles['hint']}>{hint}</p>}
          </div>
          {action}
        </header>
      )}
      <div className={flush ? undefined : styles['body']}>{children}</div>
    </section>
  );
}
