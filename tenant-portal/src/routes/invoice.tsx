import { RetailInvoicePage } from '@/features/invoices';

export function InvoiceRoute() {
  return <RetailInvoicePage />;
}
