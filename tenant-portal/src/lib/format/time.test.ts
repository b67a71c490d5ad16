import { describe, expect, it } from 'vitest';
import { formatAbsolute, formatDuration, formatRelative, formatRough, formatShort } from './time';

const now = new Date('2026-11-20T22:10:00Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('formatRelative', () => {
  it.each([
    [-4, 'just now'],
    [4, 'just now'],
    [-30, '30 seconds ago'],
    [-180, '3 minutes ago'],
    [-7200, '2 hours ago'],
    [-35 * 3600, '35 hours ago'],
    [-12 * 86_400, '12 days ago'],
    [12 * 86_400, 'in 12 days'],
    [-400 * 86_400, '13 months ago'],
  ])('says %d seconds as "%s"', (seconds, text) => {
    expect(formatRelative(after(seconds), now)).toBe(text);
  });
});

describe('absolute times', () => {
  it('name their zone', () => {
    expect(formatAbsolute(now, 'UTC')).toBe('20 Nov 2026, 22:10:00 UTC');
  });

  it('leave the year out only when it is this one', () => {
    expect(formatShort(now, now, 'UTC')).toBe('20 Nov, 22:10');
    expect(formatShort(new Date('2025-01-02T03:04:00Z'), now, 'UTC')).toBe('2 Jan 2025, 03:04');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3661, '1 h 1 min'],
    [47 * 3600, '47 h'],
    [100 * 3600, '4 d 4 h'],
  ])('says %d seconds as "%s"', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatRough', () => {
  it.each([
    [0, 'less than a minute'],
    [50, 'about 1 min'],
    [595, 'about 10 min'],
    [1900, 'about 30 min'],
    [5400, 'about 1.5 h'],
    [40_000, 'about 11 h'],
  ])('says an estimate of %d seconds as "%s"', (seconds, text) => {
    expect(formatRough(seconds)).toBe(text);
  });
});
