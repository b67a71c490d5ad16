import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface Props {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** There is nothing here yet, why, and what makes it fill. */
export function Empty({ icon: Icon, title, children, action }: Props) {
  return (
    <div className={styles['empty']}>
      <span className={styles['badge']}>
        <Icon aria-hidden="true" size={24} strokeWidth={1.75} />
      </span>
      <p className={styles['title']}>{title}</p>
      <div className={styles['text']}>{children}</div>
      {action}
    </div>
  );
}
