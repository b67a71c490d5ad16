import type { Job } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { formatBytes, formatRough } from '@/lib/format';
import styles from './JobLine.module.css';

/** Progress of a job that runs, with rate and time to go measured from what it has done so far. */
export function JobLine({ job }: { readonly job: Job | undefined }) {
  const now = useNow();
  if (job?.state !== 'running') return null;
  const { doneBytes, totalBytes } = job;
  if (doneBytes === undefined || totalBytes === undefined || totalBytes === 0) {
    return <div className="sub">Running</div>;
  }
  const text = progressText(job, doneBytes, totalBytes, now);
  return (
    <div className={styles['job']}>
      <progress max={totalBytes} value={Math.min(doneBytes, totalBytes)} aria-label={`Progress of the ${job.kind} job`} />
      <div className="sub">{text}</div>
    </div>
  );
}

export function progressText(job: Job, doneBytes: number, totalBytes: number, now: Date): string {
  const seconds = (now.getTime() - new Date(job.startedAt).getTime()) / 1000;
  const done = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  if (seconds < 1 || doneBytes === 0) return done;
  const rate = doneBytes / seconds;
  const left = Math.max(0, totalBytes - doneBytes) / rate;
  return `${done} · ${formatBytes(rate)}/s · ${formatRough(left)} to go`;
}
