import { describe, expect, it } from 'vitest';
import { addMonths, currentPeriod, isPeriod, periodName } from './period';

describe('currentPeriod', () => {
  it('goes by the zone of the one who is billed', () => {
    const now = new Date('2026-11-30T23:30:00Z');
    expect(currentPeriod(now, 'UTC')).toBe('2026-11');
    expect(currentPeriod(now, 'Europe/Berlin')).toBe('2026-12');
    expect(currentPeriod(now, 'America/New_York')).toBe('2026-11');
  });
});

describe('addMonths', () => {
  it.each([
    ['2026-11', 1, '2026-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-06', -18, '2024-12'],
  ])('moves %s by %d to %s', (from, months, to) => {
    expect(addMonths(from, months)).toBe(to);
  });
});

describe('periods', () => {
  it('have names', () => {
    expect(periodName('2026-11')).toBe('November 2026');
  });

  it('are recognised', () => {
    expect(['2026-11', '2026-13', '2026-1', null].map((text) => isPeriod(text))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
