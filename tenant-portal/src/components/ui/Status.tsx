import { CircleCheck, CircleDashed, Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Status.module.css';

/** How something is, from "as it should be" to "needs a person". Colour never says it alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle';

const ICONS = {
  good: CircleCheck,
  warn: TriangleAlert,
  bad: OctagonAlert,
  info: Info,
  idle: CircleDashed,
} as const;

interface Props {
  readonly tone: Tone;
  readonly children: ReactNode;
}

export function Status({ tone, children }: Props) {
  return (
    <span className={`${styles['status']} ${styles[tone]}`}>
      <ToneIcon tone={tone} size={14} />
      {children}
    </span>
  );
}

export function ToneIcon({ tone, size }: { readonly tone: Tone; readonly size: number }) {
  const Icon = ICONS[tone];
  return <Icon aria-hidden="true" size={size} strokeWidth={2.25} className={styles['icon']} />;
}
