import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { Button, Card, Loaded, Page, Time } from '@/components/ui';
import type { InvoicePreview } from '@/lib/api';
import { addMonths, isPeriod, periodName, type Period } from '../data/period';
import styles from './InvoicePage.module.css';
import { LineList } from './LineList';

interface Props {
  readonly title: string;
  readonly lead: string;
  readonly current: Period;
  readonly query: UseQueryResult<InvoicePreview>;
  readonly picker?: React.ReactNode;
  readonly crumbs?: readonly { to: string; label: string }[];
}

/** One preview: of a customer (retail) or of an MSP (wholesale). */
export function InvoicePage({ title, lead, current, query, picker, crumbs }: Props) {
  const { period } = usePeriod(current);
  return (
    <Page
      title={title}
      lead={lead}
      crumbs={crumbs}
      actions={
        <>
          {picker}
          <MonthStepper current={current} />
        </>
      }
    >
      <Loaded query={query} what="the invoice preview" lines={6}>
        {(preview) => (
          <Card
            flush
            title={`${periodName(period)} so far`}
            hint={
              <>
                {preview.kind === 'wholesale' ? 'Wholesale' : 'Retail'} prices, days of {preview.timeZone}.
                Computed <Time value={preview.computedAt} show="relative" /> from price book{' '}
                {preview.priceBook}. A preview, not an invoice: it grows until the month ends.
              </>
            }
          >
            <LineList preview={preview} />
          </Card>
        )}
      </Loaded>
    </Page>
  );
}

export function usePeriod(current: Period) {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('month');
  return {
    period: isPeriod(asked) ? asked : current,
    setPeriod: (period: Period) =>
      setSearch((before) => {
        const after = new URLSearchParams(before);
        if (period === current) after.delete('month');
        else after.set('month', period);
        return after;
      }),
  };
}

function MonthStepper({ current }: { readonly current: Period }) {
  const { period, setPeriod } = usePeriod(current);
  return (
    <div role="group" aria-label="Month" className={styles['stepper']}>
      <Button size="icon" variant="quiet" aria-label="Month before" onPress={() => setPeriod(addMonths(period, -1))}>
        <ChevronLeft aria-hidden="true" size={18} />
      </Button>
      <span aria-live="polite" className={styles['month']}>
        {periodName(period)}
      </span>
      <Button
        size="icon"
        variant="quiet"
        aria-label="Month after"
        isDisabled={period >= current}
        onPress={() => setPeriod(addMonths(period, 1))}
      >
        <ChevronRight aria-hidden="true" size={18} />
      </Button>
    </div>
  );
}
