/** Times for people. Every function takes "now", so that a page ticks from one clock and tests from another. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });

/** "3 minutes ago", "in 12 days"; "just now" below ten seconds either way. */
export function formatRelative(when: Date, now: Date): string {
  const seconds = Math.round((when.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 10) return 'just now';
  if (size < MINUTE) return relative.format(seconds, 'second');
  if (size < HOUR) return relative.format(Math.round(seconds / MINUTE), 'minute');
  if (size < 36 * HOUR) return relative.format(Math.round(seconds / HOUR), 'hour');
  if (size < 60 * DAY) return relative.format(Math.round(seconds / DAY), 'day');
  return relative.format(Math.round(seconds / (30.44 * DAY)), 'month');
}

/** "20 Nov 2026, 22:10:05 UTC": the reader's own zone, named, unless another is asked for. */
export function formatAbsolute(when: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(when);
}

/** "20 Nov, 22:10", with the year when it is not this one: short enough for a table. */
export function formatShort(when: Date, now: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: when.getFullYear() === now.getFullYear() ? undefined : 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(when);
}

/** "4 h 5 min": for intervals and ages, with the two largest units that are not zero. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return pair(Math.floor(whole / MINUTE), 'min', whole % MINUTE, 's');
  if (whole < 2 * DAY) {
    return pair(Math.floor(whole / HOUR), 'h', Math.floor((whole % HOUR) / MINUTE), 'min');
  }
  return pair(Math.floor(whole / DAY), 'd', Math.floor((whole % DAY) / HOUR), 'h');
}

/** "about 10 min": an estimate, with no more digits than it deserves. */
export function formatRough(seconds: number): string {
  if (seconds < 45) return 'less than a minute';
  const minutes = seconds / MINUTE;
  if (minutes < 10) return `about ${Math.max(1, Math.round(minutes))} min`;
  if (minutes < 60) return `about ${Math.round(minutes / 5) * 5} min`;
  const hours = seconds / HOUR;
  return hours < 10 ? `about ${Math.round(hours * 2) / 2} h` : `about ${Math.round(hours)} h`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
