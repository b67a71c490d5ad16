import { describe, expect, it } from 'vitest';
import type { Appliance } from '@/lib/api';
import { certificateOf, healthOf } from './health';

const appliance: Appliance = {
  id: '0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41',
  customerId: '0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e42',
  siteId: '0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e43',
  name: 'one',
  state: 'active',
  health: 'ok',
  enrolledAt: '2026-11-01T00:00:00Z',
};
const now = new Date('2026-11-20T12:00:00Z');

describe('healthOf', () => {
  it('calls an appliance healthy only when it is let in and says so', () => {
    expect(healthOf(appliance).tone).toBe('good');
    expect(healthOf({ ...appliance, state: 'pending' }).label).toBe('Waiting for approval');
    expect(healthOf({ ...appliance, state: 'banned' }).tone).toBe('bad');
    expect(healthOf({ ...appliance, state: 'retired' }).label).toBe('Retired');
    expect(healthOf({ ...appliance, health: 'unknown' }).tone).toBe('idle');
  });

  it('prefers the words of the control plane to its own', () => {
    const detail = 'No report for 12 minutes';
    expect(healthOf({ ...appliance, health: 'offline', healthDetail: detail }).detail).toBe(detail);
  });
});

describe('certificateOf', () => {
  it.each([
    ['2026-11-20T11:59:59Z', 'Expired'],
    ['2026-11-20T12:00:00Z', 'Expired'],
    ['2026-11-20T13:00:00Z', 'Renewal due'],
    ['2026-11-23T12:00:00Z', 'Valid'],
  ])('calls a certificate until %s "%s"', (expiresAt, label) => {
    expect(certificateOf(expiresAt, now)?.label).toBe(label);
  });

  it('says nothing about a certificate it has not heard of', () => {
    expect(certificateOf(undefined, now)).toBeUndefined();
  });
});
