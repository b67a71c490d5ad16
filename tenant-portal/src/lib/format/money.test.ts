import { describe, expect, it } from 'vitest';
import { formatDecimal, formatMoney, formatPrice } from './money';

describe('formatMoney', () => {
  it.each([
    ['0', 'USD\u00a00.00'],
    ['12.5', 'USD\u00a012.50'],
    ['1234567.89', 'USD\u00a01,234,567.89'],
    ['-3.10', '−USD\u00a03.10'],
    ['0.00033333', 'USD\u00a00.00033333'],
    ['90071992547409931.07', 'USD\u00a090,071,992,547,409,931.07'],
  ])('shows %s exactly', (amount, text) => {
    expect(formatMoney(amount, 'USD')).toBe(text);
  });

  it('shows what it cannot read as it came', () => {
    expect(formatMoney('n/a', 'USD')).toBe('n/a USD');
  });
});

describe('formatDecimal', () => {
  it('keeps every digit that says something', () => {
    expect(formatDecimal('1200.4300')).toBe('1,200.43');
    expect(formatDecimal('0.3333333333')).toBe('0.3333333333');
  });
});

describe('formatPrice', () => {
  it('marks what it rounds', () => {
    expect(formatPrice('0.3333333333', 'USD')).toBe('≈\u00a0USD\u00a00.3333');
    expect(formatPrice('0.10000000', 'USD')).toBe('USD\u00a00.10');
    expect(formatPrice('0.0833', 'USD')).toBe('USD\u00a00.0833');
  });
});
