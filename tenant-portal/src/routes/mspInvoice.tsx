import { useParams } from 'react-router-dom';
import { WholesaleInvoicePage } from '@/features/invoices';

export function MspInvoiceRoute() {
  const { mspId } = useParams();
  return <WholesaleInvoicePage mspId={mspId} />;
}
