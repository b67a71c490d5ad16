import { WholesaleInvoicePage } from '@/features/invoices';

export function WholesaleRoute() {
  return <WholesaleInvoicePage />;
}
