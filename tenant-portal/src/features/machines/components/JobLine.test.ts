import { describe, expect, it } from 'vitest';
import type { Job } from '@/lib/api';
import { progressText } from './JobLine';

const job: Job = {
  id: '0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41',
  kind: 'full',
  state: 'running',
  startedAt: '2026-11-20T12:00:00Z',
};
const MIB = 1024 * 1024;

describe('progressText', () => {
  it('measures rate and time to go from what is done', () => {
    const text = progressText(job, 100 * MIB, 300 * MIB, new Date('2026-11-20T12:00:10Z'));
    expect(text).toBe('100 MiB of 300 MiB · 10 MiB/s · less than a minute to go');
  });

  it('promises nothing before anything was measured', () => {
    expect(progressText(job, 0, 300 * MIB, new Date('2026-11-20T12:00:10Z'))).toBe('0 B of 300 MiB');
    expect(progressText(job, MIB, 300 * MIB, new Date('2026-11-20T12:00:00Z'))).toBe('1 MiB of 300 MiB');
  });

  it('does not go below nothing when more was done than expected', () => {
    const text = progressText(job, 400 * MIB, 300 * MIB, new Date('2026-11-20T12:00:10Z'));
    expect(text).toContain('less than a minute to go');
  });
});
