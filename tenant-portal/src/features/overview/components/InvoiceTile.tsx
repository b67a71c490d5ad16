import { useAccess, useMe } from '@/features/account';
import { useCustomerFilter, useCustomers } from '@/features/customers';
import { currentPeriod, useCustomerInvoice, useMspInvoice } from '@/features/invoices';
import { useMsp } from '@/features/msps';
import type { InvoicePreview } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { formatMoney } from '@/lib/format';
import { Tile } from './Tiles';

/** What the month comes to so far, for those who may see it. */
export function InvoiceTile() {
  const access = useAccess();
  const filter = useCustomerFilter();
  if (access.portfolio && access.wholesale && filter.customerId === undefined) return <WholesaleTile />;
  return access.retail ? <RetailTile /> : null;
}

function RetailTile() {
  const { customerId, several } = useCustomerFilter();
  const customers = useCustomers().data?.items ?? [];
  const customer = customers.find(({ id }) => id === customerId) ?? (several ? undefined : customers[0]);
  const period = currentPeriod(useNow(), customer?.timeZone ?? 'UTC');
  const { data } = useCustomerInvoice(customer?.id, period);
  const to = customerId === undefined ? '/invoice' : `/invoice?customer=${customerId}`;
  return <Amount label="This month so far" to={to} preview={data} />;
}

function WholesaleTile() {
  const { scope } = useMe();
  const msp = useMsp(scope.mspId ?? '');
  const period = currentPeriod(useNow(), msp.data?.timeZone ?? 'UTC');
  const { data } = useMspInvoice(scope.mspId, period, msp.data !== undefined);
  return <Amount label="Wholesale so far" to="/wholesale" preview={data} />;
}

interface AmountProps {
  readonly label: string;
  readonly to: string;
  readonly preview: InvoicePreview | undefined;
}

function Amount({ label, to, preview }: AmountProps) {
  return (
    <Tile label={label} to={to}>
      {preview ? formatMoney(preview.total, preview.currency) : '–'}
    </Tile>
  );
}
