import { useState } from 'react';
import { Button, CopyText, Loaded, Notice } from '@/components/ui';
import { useAccess } from '@/features/account';
import type { InvoiceLine, UsageRecord } from '@/lib/api';
import { formatBytes, formatShort } from '@/lib/format';
import { useNow } from '@/lib/clock/clock';
import { useUsageRecords } from '../data/useInvoice';
import styles from './LineRecords.module.css';

const STEP = 12;

/** The signed usage records that a line rests on. */
export function LineRecords({
  line,
  customerId,
}: {
  readonly line: InvoiceLine;
  readonly customerId: string | undefined;
}) {
  const access = useAccess();
  const readable = access.usage && customerId !== undefined;
  const query = useUsageRecords(customerId, readable && line.recordIds.length > 0);
  if (line.recordIds.length === 0) return null;
  const count = line.recordIds.length.toLocaleString('en-GB');
  const title = line.recordIds.length === 1 ? 'Rests on 1 usage record' : `Rests on ${count} usage records`;
  if (!readable) {
    return (
      <>
        <p className={styles['title']}>{title}</p>
        <p className="sub">The records themselves are visible to the MSP and to the customer.</p>
      </>
    );
  }
  return (
    <>
      <p className={styles['title']}>{title}, each signed by its appliance</p>
      <Loaded query={query} what="usage records" lines={2}>
        {({ items }) => <Records ids={line.recordIds} records={items} />}
      </Loaded>
    </>
  );
}

function Records({ ids, records }: { readonly ids: readonly string[]; readonly records: readonly UsageRecord[] }) {
  const [shown, setShown] = useState(STEP);
  const byId = new Map(records.map((record) => [record.id, record]));
  const missing = ids.filter((id) => !byId.has(id)).length;
  return (
    <>
      {missing === 0 ? null : (
        <Notice tone="warn" title={`${missing} of these records could not be read here`}>
          The list of records ends before them. They are still part of the line.
        </Notice>
      )}
      <ul className={styles['records']} data-testid="usage-records">
        {ids.slice(0, shown).map((id) => (
          <li key={id}>
            <RecordRow id={id} record={byId.get(id)} />
          </li>
        ))}
      </ul>
      {ids.length > shown ? (
        <div>
          <Button size="small" onPress={() => setShown(shown + STEP * 4)}>
            Show more ({(ids.length - shown).toLocaleString('en-GB')} left)
          </Button>
        </div>
      ) : null}
    </>
  );
}

function RecordRow({ id, record }: { readonly id: string; readonly record: UsageRecord | undefined }) {
  const now = useNow();
  if (!record) return <CopyText text={id} what="record id" />;
  const start = new Date(record.periodStart);
  const end = new Date(record.periodEnd);
  return (
    <div className={styles['record']}>
      <span>
        {formatShort(start, now)} – {formatShort(end, now)}
        <span className="sub">
          {' '}
          epoch {record.epoch}, number {record.sequence}
        </span>
      </span>
      <span className="sub">{vmText(record)}</span>
      <CopyText text={record.hash} what="record hash" shown={16} />
    </div>
  );
}

function vmText(record: UsageRecord): string {
  const stored = record.vms.reduce((sum, vm) => sum + vm.storedBytes, 0);
  const names = record.vms.map((vm) => vm.vmName ?? vm.vmId.slice(0, 8));
  const named = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return `${named === '' ? 'no machine' : named} · ${formatBytes(stored)} stored`;
}
