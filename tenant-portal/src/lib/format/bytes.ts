/** Binary units, named as what they are: 1 KiB is 1,024 bytes. */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** A byte count for people: at most three significant digits, always with its unit. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  // 1,023.7 KiB would read as "1,024 KiB": it belongs to the next unit.
  if (unit > 0 && unit < UNITS.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = value.toLocaleString('en-GB', {
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  });
  return `${number} ${UNITS[unit] ?? 'B'}`;
}

/** The exact count, for the title of a rounded one. */
export function exactBytes(bytes: number): string {
  return `${bytes.toLocaleString('en-GB')} bytes`;
}
