import { describe, expect, it } from 'vitest';
import { retryDelay } from './stream';

describe('retryDelay', () => {
  it('doubles to half a minute and no further', () => {
    expect([1, 2, 3, 6, 60].map((failures) => retryDelay(failures, 1))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
  });

  it('spreads the returning crowd', () => {
    expect(retryDelay(6, 0)).toBe(15_000);
  });
});
