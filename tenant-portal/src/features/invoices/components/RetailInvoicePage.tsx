import { Notice, Page, Skeleton } from '@/components/ui';
import { CustomerPicker, useCustomerFilter, useCustomers } from '@/features/customers';
import type { Customer } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { currentPeriod } from '../data/period';
import { useCustomerInvoice } from '../data/useInvoice';
import { InvoicePage, usePeriod } from './InvoicePage';

/** What a customer would pay. With several customers in sight, one is chosen first. */
export function RetailInvoicePage() {
  const customers = useCustomers();
  const { customerId } = useCustomerFilter();
  const items = customers.data?.items ?? [];
  const customer = items.find(({ id }) => id === customerId) ?? items[0];
  if (customer) return <OfCustomer customer={customer} several={items.length > 1} />;
  return (
    <Page title="Invoice">
      {customers.isPending ? (
        <Skeleton label="Reading customers…" />
      ) : (
        <Notice tone="idle" title="There is no customer to bill yet">
          An invoice preview appears with the first customer.
        </Notice>
      )}
    </Page>
  );
}

function OfCustomer({ customer, several }: { readonly customer: Customer; readonly several: boolean }) {
  const current = currentPeriod(useNow(), customer.timeZone);
  const { period } = usePeriod(current);
  const query = useCustomerInvoice(customer.id, period);
  return (
    <InvoicePage
      title={several ? `Retail: ${customer.name}` : 'Invoice'}
      lead="What this month comes to so far, and why. Open a line to see the records it rests on."
      current={current}
      query={query}
      picker={several ? <CustomerPicker /> : undefined}
    />
  );
}
