import { useLiveState } from '@/lib/live';
import styles from './LiveBadge.module.css';

const WORDS = {
  live: { text: 'Live', title: 'Changes appear here as they happen.' },
  connecting: { text: 'Connecting', title: 'Waiting for the stream of changes.' },
  polling: {
    text: 'Every 30 s',
    title: 'The stream of changes is down; pages are read again every 30 seconds until it is back.',
  },
} as const;

/** Whether what is on screen follows what happens. */
export function LiveBadge() {
  const state = useLiveState();
  const { text, title } = WORDS[state];
  return (
    <span role="status" title={title} className={styles['badge']} data-live={state}>
      <span aria-hidden="true" className={`${styles['dot']} ${styles[state]}`} />
      <span className={styles['text']}>{text}</span>
    </span>
  );
}
