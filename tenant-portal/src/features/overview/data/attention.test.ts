import { describe, expect, it } from 'vitest';
import type { Appliance, Vm } from '@/lib/api';
import { concernsOf, headline, summaryOf } from './attention';

const now = new Date('2026-11-20T12:00:00Z');
const uuid = (n: number) => `0198c2f0-5d3a-7c11-9b1e-0000000000${String(n).padStart(2, '0')}`;
const vm = (n: number, change: Partial<Vm> = {}): Vm => ({
  id: uuid(n),
  customerId: uuid(90),
  siteId: uuid(91),
  applianceId: uuid(92),
  name: `vm-${n}`,
  platform: 'kvm',
  disks: [],
  protected: true,
  pointCount: 1,
  lastPointAt: '2026-11-20T11:00:00Z',
  lastReportedAt: '2026-11-20T12:00:00Z',
  ...change,
});
const appliance: Appliance = {
  id: uuid(92),
  customerId: uuid(90),
  siteId: uuid(91),
  name: 'rack-1',
  state: 'active',
  health: 'ok',
  enrolledAt: '2026-11-01T00:00:00Z',
};

describe('headline', () => {
  const say = (...machines: Vm[]) => headline(summaryOf(machines, [appliance], [], now)).title;

  it('calls all protected only when every machine seen is', () => {
    expect(say(vm(1), vm(2))).toBe('All 2 machines are protected');
    expect(say(vm(1), vm(2, { protected: false }))).toBe('1 of 2 machines are protected as asked');
  });

  it('does not count a machine whose first backup still runs', () => {
    const first = vm(3, {
      pointCount: 0,
      lastPointAt: undefined,
      lastJob: { id: uuid(80), kind: 'full', state: 'running', startedAt: '2026-11-20T11:59:00Z' },
    });
    expect(say(vm(1), first)).toBe('1 of 2 machines are protected as asked');
  });

  it('does not call an empty house safe', () => {
    expect(headline(summaryOf([], [], [], now)).tone).toBe('idle');
  });
});

describe('concernsOf', () => {
  it('puts the worst first and leaves out what is well', () => {
    const concerns = concernsOf(
      [
        vm(1),
        vm(2, { protected: false }),
        vm(3, { lastJob: { id: uuid(80), kind: 'full', state: 'failed', startedAt: '2026-11-20T11:00:00Z' } }),
      ],
      [{ ...appliance, health: 'degraded', alerts: [{ code: 'SD-7002', message: 'Seen twice', at: '2026-11-20T11:00:00Z' }] }],
      [],
      now,
    );
    expect(concerns.map(({ label }) => label)).toEqual(['Last backup failed', 'Degraded', 'Alert', 'Not protected']);
  });
});

describe('summaryOf', () => {
  it('finds the machine whose newest point is oldest', () => {
    const old = '2026-11-18T00:00:00Z';
    expect(summaryOf([vm(1), vm(2, { lastPointAt: old })], [], [], now).furthestBack).toEqual({
      name: 'vm-2',
      at: old,
    });
  });
});
