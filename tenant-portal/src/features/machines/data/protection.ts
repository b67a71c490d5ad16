import type { Tone } from '@/components/ui';
import type { Policy, Vm } from '@/lib/api';
import { formatDuration } from '@/lib/format';

/** Whether a machine is protected as its policies ask, measured from its points and its last job. */
export interface Protection {
  readonly tone: Tone;
  readonly label: string;
  readonly detail: string;
  /** Whether a person should look at it. */
  readonly attention: boolean;
}

/** One whole run missed, and then half an interval more, before a machine is called late. */
const LATE_AFTER_INTERVALS = 1.5;

export function protectionOf(vm: Vm, policies: readonly Policy[], now: Date): Protection {
  if (!vm.protected) return unprotected(vm);
  // A restore that failed says nothing about the machine's protection.
  const job = vm.lastJob?.kind.startsWith('restore') ? undefined : vm.lastJob;
  if (job?.state === 'failed') {
    return {
      tone: 'bad',
      label: 'Last backup failed',
      detail: job.message ?? 'The appliance gave no reason.',
      attention: true,
    };
  }
  if (vm.lastPointAt === undefined) {
    return job?.state === 'running'
      ? { tone: 'info', label: 'First backup running', detail: 'Nothing can be restored yet.', attention: false }
      : {
          tone: 'warn',
          label: 'No restore point yet',
          detail: 'A policy covers it, but nothing can be restored yet.',
          attention: true,
        };
  }
  const ageSeconds = (now.getTime() - new Date(vm.lastPointAt).getTime()) / 1000;
  const interval = shortestInterval(vm, policies);
  if (interval !== undefined && ageSeconds > interval * LATE_AFTER_INTERVALS) {
    return {
      tone: 'warn',
      label: 'Late',
      detail: `Its newest point is ${formatDuration(ageSeconds)} old; its policy asks for one every ${formatDuration(interval)}.`,
      attention: true,
    };
  }
  if (job?.state === 'running') {
    return { tone: 'info', label: 'Backing up', detail: 'A new point is being made.', attention: false };
  }
  return {
    tone: 'good',
    label: 'Protected',
    detail:
      interval === undefined
        ? 'A policy covers it and it has a restore point.'
        : `Its newest point is younger than its policy asks (${formatDuration(interval)}).`,
    attention: false,
  };
}

function unprotected(vm: Vm): Protection {
  return {
    tone: 'warn',
    label: 'Not protected',
    detail:
      vm.pointCount > 0
        ? 'No policy covers it. Its older points can still be restored, but nothing new is saved.'
        : 'No policy covers it. If it is lost, it is lost.',
    attention: true,
  };
}

/** The strictest of the policies that cover a machine; undefined until they are read. */
export function shortestInterval(vm: Vm, policies: readonly Policy[]): number | undefined {
  const intervals = policies
    .filter((policy) => policy.vmIds.includes(vm.id))
    .map((policy) => policy.intervalSeconds);
  return intervals.length === 0 ? undefined : Math.min(...intervals);
}

export function diskBytes(vm: Vm): number {
  return vm.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
}
