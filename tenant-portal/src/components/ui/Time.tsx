import { formatAbsolute, formatRelative, formatShort } from '@/lib/format';
import { useNow } from '@/lib/clock/clock';
import styles from './Time.module.css';

interface Props {
  readonly value: string | undefined;
  /** `both` shows the relative time over the absolute one; the others show one and keep the other as title. */
  readonly show?: 'both' | 'relative' | 'absolute';
  readonly never?: string;
}

export function Time({ value, show = 'both', never = 'never' }: Props) {
  const now = useNow();
  if (value === undefined) return <span className={styles['never']}>{never}</span>;
  const when = new Date(value);
  if (Number.isNaN(when.getTime())) return <span>{value}</span>;
  const relative = formatRelative(when, now);
  const absolute = formatAbsolute(when);
  if (show === 'absolute') {
    return (
      <time dateTime={value} title={relative}>
        {absolute}
      </time>
    );
  }
  return (
    <time dateTime={value} title={absolute} className={styles['both']}>
      <span>{relative}</span>
      {show === 'both' ? (
        <span className={styles['absolute']}>{formatShort(when, now)}</span>
      ) : null}
    </time>
  );
}
