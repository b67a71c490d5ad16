import { Bytes, CopyText, Disclosure, Facts, Notice, Time } from '@/components/ui';
import type { RestorePoint } from '@/lib/api';
import { formatBytes } from '@/lib/format';
import { goneOf } from '../data/gone';
import { kindOf, proofOf } from '../data/proof';
import { restoreCommands } from '../data/restore';
import styles from './PointRow.module.css';
import { ProofStatus } from './ProofStatus';

interface Props {
  readonly point: RestorePoint;
  readonly disks: number;
}

export function PointRow({ point, disks }: Props) {
  return (
    <Disclosure id={`point-${point.id}`} label={<Summary point={point} />}>
      {() => <PointDetails point={point} disks={disks} />}
    </Disclosure>
  );
}

function Summary({ point }: { readonly point: RestorePoint }) {
  return (
    <span className={styles['summary']}>
      <span className={styles['when']}>
        <Time value={point.capturedAt} />
      </span>
      <span className={styles['kind']}>
        {kindOf(point)}
        <span className="sub"> {formatBytes(point.readBytes)} read</span>
      </span>
      <span className={styles['proof']}>
        <ProofStatus point={point} />
      </span>
      <span className={styles['stored']}>
        {formatBytes(point.storedBytes)} <span className="sub">new</span>
      </span>
    </span>
  );
}

function PointDetails({ point, disks }: Props) {
  const proof = proofOf(point);
  const gone = goneOf(point);
  return (
    <div className={styles['details']}>
      {gone === undefined ? null : (
        <Notice tone={gone.tone} title={gone.title}>
          {gone.text} <Time value={gone.at} show="absolute" />
        </Notice>
      )}
      {point.fallback === undefined ? null : (
        <Notice tone="info" title="It did without a change tracker">
          {point.fallback} The point is as good as any other; making it took longer.
        </Notice>
      )}
      <Facts
        items={[
          ['Captured', <Time key="c" value={point.capturedAt} show="absolute" />],
          ['Sealed', <Time key="s" value={point.sealedAt} show="absolute" />],
          ['Size of the disks', <Bytes key="b" value={point.sizeBytes} />],
          ['Read from the machine', <Bytes key="ch" value={point.readBytes} />],
          ['New in the repository', <Bytes key="st" value={point.storedBytes} />],
          ['Repository', point.repository],
          ['Proof', proof.detail],
          ['Point id', <CopyText key="i" text={point.id} what="point id" shown={20} />],
        ]}
      />
      {gone === undefined ? <HowToRestore point={point} disks={disks} /> : null}
    </div>
  );
}

/** Restores are started at the appliance for now; the words must be right when nerves are not. */
function HowToRestore({ point, disks }: Props) {
  return (
    <div className={styles['restore']}>
      <h4>To restore it</h4>
      <p>
        Run this on the appliance, or on any machine that reaches the repository and has its key, with the
        repository’s path there. It writes a new file and changes neither the running machine nor the
        point. It works with the licence expired and without this page.
      </p>
      {restoreCommands(point, disks).map((command) => (
        <CopyText key={command} block text={command} what="restore command" />
      ))}
    </div>
  );
}
