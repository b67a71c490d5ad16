import { describe, expect, it } from 'vitest';
import type { Job, Policy, Vm } from '@/lib/api';
import { diskBytes, protectionOf, shortestInterval } from './protection';

const now = new Date('2026-11-20T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const id = (n: number) => `0198c2f0-5d3a-7c11-9b1e-0000000000${String(n).padStart(2, '0')}`;

const vm: Vm = {
  id: id(1),
  customerId: id(2),
  siteId: id(3),
  applianceId: id(4),
  name: 'db-1',
  platform: 'kvm',
  disks: [
    { name: 'vda', sizeBytes: 10 },
    { name: 'vdb', sizeBytes: 32 },
  ],
  protected: true,
  pointCount: 3,
  lastPointAt: ago(600),
  lastReportedAt: ago(5),
};
const hourly: Policy = {
  id: id(5),
  customerId: id(2),
  name: 'hourly',
  edition: 'backup',
  vmIds: [vm.id],
  intervalSeconds: 3600,
  repository: 'main',
  retention: { keepLast: 7 },
  createdAt: ago(86_400),
};
const job = (change: Partial<Job>): Job => ({
  id: id(6),
  kind: 'backup',
  state: 'succeeded',
  startedAt: ago(700),
  ...change,
});
const label = (change: Partial<Vm>, policies = [hourly]) =>
  protectionOf({ ...vm, ...change }, policies, now).label;

describe('protectionOf', () => {
  it('calls a machine protected when its newest point is as young as its policy asks', () => {
    expect(label({})).toBe('Protected');
  });

  it('calls it late once a run and a half are missing, and says by how much', () => {
    expect(label({ lastPointAt: ago(5399) })).toBe('Protected');
    const late = protectionOf({ ...vm, lastPointAt: ago(5 * 3600) }, [hourly], now);
    expect(late.label).toBe('Late');
    expect(late.detail).toContain('5 h old');
    expect(late.detail).toContain('every 1 h');
  });

  it('goes by the strictest of its policies', () => {
    const daily = { ...hourly, id: id(7), intervalSeconds: 86_400 };
    expect(shortestInterval(vm, [daily, hourly])).toBe(3600);
    expect(label({ lastPointAt: ago(7200) }, [daily])).toBe('Protected');
    expect(label({ lastPointAt: ago(7200) }, [daily, hourly])).toBe('Late');
  });

  it('does not call a machine protected that has a policy but no point', () => {
    expect(label({ pointCount: 0, lastPointAt: undefined })).toBe('No restore point yet');
    expect(
      label({ pointCount: 0, lastPointAt: undefined, lastJob: job({ state: 'running', kind: 'full' }) }),
    ).toBe('First backup running');
  });

  it('shows the failure of the last backup, with its reason, however young the last point is', () => {
    const failed = protectionOf(
      { ...vm, lastJob: job({ state: 'failed', message: 'No space left' }) },
      [hourly],
      now,
    );
    expect([failed.label, failed.detail, failed.attention]).toEqual(['Last backup failed', 'No space left', true]);
  });

  it('does not blame a backup for a failed restore', () => {
    expect(label({ lastJob: job({ kind: 'restore', state: 'failed' }) })).toBe('Protected');
  });

  it('says of an unprotected machine whether anything of it could be restored', () => {
    expect(protectionOf({ ...vm, protected: false }, [], now).detail).toContain('older points');
    expect(protectionOf({ ...vm, protected: false, pointCount: 0 }, [], now).detail).toContain('it is lost');
  });

  it('still says late while a backup runs that comes too late', () => {
    expect(label({ lastPointAt: ago(7200), lastJob: job({ state: 'running' }) })).toBe('Late');
    expect(label({ lastJob: job({ state: 'running' }) })).toBe('Backing up');
  });
});

describe('diskBytes', () => {
  it('adds up the disks', () => {
    expect(diskBytes(vm)).toBe(42);
  });
});
