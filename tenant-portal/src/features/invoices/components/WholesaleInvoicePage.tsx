import { Notice, Page } from '@/components/ui';
import { useAccess, useMe } from '@/features/account';
import { useMsp } from '@/features/msps';
import { useNow } from '@/lib/clock/clock';
import { currentPeriod } from '../data/period';
import { useMspInvoice } from '../data/useInvoice';
import { InvoicePage, usePeriod } from './InvoicePage';

/** What the platform would bill an MSP. */
export function WholesaleInvoicePage({ mspId }: { readonly mspId?: string }) {
  const { scope } = useMe();
  const id = mspId ?? scope.mspId;
  if (id === undefined) {
    return (
      <Page title="Wholesale">
        <Notice tone="idle" title="Your account belongs to no MSP">
          Wholesale previews are shown to an MSP’s own people.
        </Notice>
      </Page>
    );
  }
  return <OfMsp mspId={id} />;
}

function OfMsp({ mspId }: { readonly mspId: string }) {
  const msp = useMsp(mspId);
  const { platform } = useAccess();
  const current = currentPeriod(useNow(), msp.data?.timeZone ?? 'UTC');
  const { period } = usePeriod(current);
  const query = useMspInvoice(mspId, period, msp.data !== undefined || msp.isError);
  return (
    <InvoicePage
      title={platform && msp.data ? `Wholesale: ${msp.data.name}` : 'Wholesale'}
      lead="What the platform charges the MSP for all of its customers, and why."
      current={current}
      query={query}
      crumbs={platform ? [{ to: '/msps', label: 'MSPs' }] : undefined}
    />
  );
}
