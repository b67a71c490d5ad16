/** An exact decimal amount as the API sends it ("12.50"); never a floating point number on the way. */
export function formatMoney(amount: string, currency: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount.trim());
  if (!match) return `${amount} ${currency}`;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
  const trimmed = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${sign === '-' ? '−' : ''}${currency}\u00a0${grouped}.${trimmed}`;
}

/** A unit price with at most four decimals; one that has more is marked as rounded. */
export function formatPrice(amount: string, currency: string): string {
  const [, decimals = ''] = amount.split('.');
  if (decimals.replace(/0+$/, '').length <= 4) return formatMoney(amount, currency);
  return `≈\u00a0${formatMoney(Number(amount).toFixed(4), currency)}`;
}

/** A plain decimal for people: grouped, without trailing zeros, all its digits kept. */
export function formatDecimal(value: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value.trim());
  if (!match) return value;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
  const trimmed = fraction.replace(/0+$/, '');
  return `${sign === '-' ? '−' : ''}${grouped}${trimmed === '' ? '' : `.${trimmed}`}`;
}
