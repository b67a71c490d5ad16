import { exactBytes, formatBytes } from '@/lib/format';

/** A rounded size; the exact count is its title. */
export function Bytes({ value }: { readonly value: number }) {
  return <data value={value} title={exactBytes(value)}>{formatBytes(value)}</data>;
}
