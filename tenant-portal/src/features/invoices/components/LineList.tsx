import { ReceiptText } from 'lucide-react';
import { Disclosure, Empty } from '@/components/ui';
import type { InvoiceLine, InvoicePreview } from '@/lib/api';
import { formatDecimal, formatMoney, formatPrice } from '@/lib/format';
import styles from './LineList.module.css';
import { LineRecords } from './LineRecords';

/** The lines of a preview; each opens to how it came about, down to the signed usage records. */
export function LineList({ preview }: { readonly preview: InvoicePreview }) {
  if (preview.lines.length === 0) {
    return (
      <Empty icon={ReceiptText} title="Nothing to pay so far">
        Lines appear when the first usage record of the month has been accepted.
      </Empty>
    );
  }
  return (
    <>
      <ul aria-label="Invoice lines" data-testid="invoice-lines">
        {preview.lines.map((line, index) => (
          // Lines have no id of their own; a preview is replaced as a whole.
          <li key={`${line.code} ${line.customerId ?? ''} ${index}`}>
            <Disclosure label={<Line line={line} preview={preview} />}>
              {() => <Explanation line={line} preview={preview} />}
            </Disclosure>
          </li>
        ))}
      </ul>
      <p className={styles['total']}>
        <span>Total so far</span>
        <strong data-testid="invoice-total" data-value={preview.total}>
          {formatMoney(preview.total, preview.currency)}
        </strong>
      </p>
    </>
  );
}

interface LineProps {
  readonly line: InvoiceLine;
  readonly preview: InvoicePreview;
}

function Line({ line, preview }: LineProps) {
  return (
    <span className={styles['line']}>
      <span className={styles['what']}>
        {line.description}
        {line.customerName === undefined || preview.kind === 'retail' ? null : <span className="sub"> {line.customerName}</span>}
      </span>
      <span className={styles['sum']}>
        {formatDecimal(line.quantity)} {line.unit} × {formatPrice(line.unitPrice, preview.currency)}
      </span>
      <span className={styles['amount']}>{formatMoney(line.amount, preview.currency)}</span>
    </span>
  );
}

function Explanation({ line, preview }: LineProps) {
  return (
    <div className={styles['explanation']}>
      <p>{line.explanation ?? 'A fixed charge of the price book.'}</p>
      {line.exactAmount === undefined || line.exactAmount === line.amount ? null : (
        <p className="sub">
          Unit price {formatMoney(line.unitPrice, preview.currency)}; before rounding the line is{' '}
          {formatMoney(line.exactAmount, preview.currency)}. The total is rounded
          once and its cents are shared among the lines, so that they always add up.
        </p>
      )}
      <LineRecords line={line} customerId={line.customerId ?? preview.customerId} />
    </div>
  );
}
