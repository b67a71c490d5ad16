import { describe, expect, it } from 'vitest';
import type { Me, Role } from '@/lib/api';
import { accessOf } from './access';

const as = (...roles: Role[]) =>
  accessOf({ subject: 's', username: 'u', roles, scope: { kind: 'customers' } } satisfies Me);

describe('accessOf', () => {
  it('shows the platform owner the MSPs and nothing inside them', () => {
    const access = as('platform-admin');
    expect(access.platform).toBe(true);
    expect(access.wholesale).toBe(true);
    expect([access.protection, access.retail, access.usage, access.portfolio]).toEqual(
      Array(4).fill(false),
    );
  });

  it('shows money to those who pay it, and machines to those who run them', () => {
    expect(as('msp-billing').protection).toBe(false);
    expect(as('msp-billing').wholesale).toBe(true);
    expect(as('msp-operator').wholesale).toBe(false);
    expect(as('msp-operator').protection).toBe(true);
    expect(as('customer-viewer').retail).toBe(false);
    expect(as('customer-admin').retail).toBe(true);
    expect(as('customer-admin').wholesale).toBe(false);
  });

  it('lets no viewer start a backup', () => {
    expect(as('customer-viewer').backup).toBe(false);
    expect(as('customer-operator').backup).toBe(true);
  });

  it('adds up several roles', () => {
    expect(as('customer-viewer', 'customer-operator').backup).toBe(true);
  });
});
