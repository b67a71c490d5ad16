/** A month as the API names it: "2026-11". */
export type Period = string;

/** The month that it is now in a time zone; the reader's own month can already be the next one. */
export function currentPeriod(now: Date, timeZone: string): Period {
  const parts = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', timeZone }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}

export function addMonths(period: Period, months: number): Period {
  const [year = 0, month = 1] = period.split('-').map(Number);
  const index = year * 12 + (month - 1) + months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export function periodName(period: Period): string {
  const [year = 0, month = 1] = period.split('-').map(Number);
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(Date.UTC(year, month - 1, 1)),
  );
}

export function isPeriod(text: string | null): text is Period {
  return text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}
