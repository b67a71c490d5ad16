import type { ReactNode } from 'react';
import styles from './Notice.module.css';
import { ToneIcon, type Tone } from './Status';

interface Props {
  readonly tone: Tone;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Announced at once to a screen reader; for what appears while someone is on the page. */
  readonly urgent?: boolean;
}

/** Says what is going on, what it means and what to do: for errors, warnings and things to know. */
export function Notice({ tone, title, children, action, urgent = false }: Props) {
  return (
    <div className={`${styles['notice']} ${styles[tone]}`} role={urgent ? 'alert' : undefined}>
      <ToneIcon tone={tone} size={20} />
      <div className={styles['words']}>
        <p className={styles['title']}>{title}</p>
        {children === undefined ? null : <div className={styles['text']}>{children}</div>}
      </div>
      {action === undefined ? null : <div className={styles['action']}>{action}</div>}
    </div>
  );
}
