import type { Tone } from '@/components/ui';
import type { Appliance } from '@/lib/api';

export interface Verdict {
  readonly tone: Tone;
  readonly label: string;
  /** What it means for the person, in one sentence. */
  readonly detail: string;
}

/** How an appliance is, in one word and one sentence, from what it last reported. */
export function healthOf(appliance: Appliance): Verdict {
  switch (appliance.state) {
    case 'pending':
      return {
        tone: 'info',
        label: 'Waiting for approval',
        detail: 'It has asked to join. Compare its id with the one on the appliance before you let it in.',
      };
    case 'banned':
      return {
        tone: 'bad',
        label: 'Banned',
        detail: 'The control plane refuses it. Restores on the appliance itself still work.',
      };
    case 'retired':
      return {
        tone: 'info',
        label: 'Retired',
        detail: 'It was given up. What it reported is kept, and restores on the appliance itself still work.',
      };
    case 'active':
      return reported(appliance);
  }
}

function reported(appliance: Appliance): Verdict {
  const detail = appliance.healthDetail;
  switch (appliance.health) {
    case 'ok':
      return { tone: 'good', label: 'Healthy', detail: detail ?? 'It reports in and has nothing to complain about.' };
    case 'degraded':
      return { tone: 'warn', label: 'Degraded', detail: detail ?? 'It works, but something needs attention.' };
    case 'offline':
      return {
        tone: 'bad',
        label: 'Offline',
        detail:
          detail ??
          'It has stopped reporting. It may still be backing up; restores can be started on the appliance itself.',
      };
    case 'unknown':
      return { tone: 'idle', label: 'Not yet heard', detail: detail ?? 'It has enrolled but not reported yet.' };
  }
}

const RENEWAL_DUE_MS = 12 * 3_600_000;

/**
 * Certificates are short-lived and the appliance renews them by itself at two thirds of their life, so an
 * end that comes near only means something when it comes very near.
 */
export function certificateOf(expiresAt: string | undefined, now: Date): Verdict | undefined {
  if (expiresAt === undefined) return undefined;
  const left = new Date(expiresAt).getTime() - now.getTime();
  if (left <= 0) {
    return {
      tone: 'bad',
      label: 'Expired',
      detail: 'The appliance asks for a new one with its old key as soon as it reaches the control plane.',
    };
  }
  if (left < RENEWAL_DUE_MS) {
    return {
      tone: 'warn',
      label: 'Renewal due',
      detail: 'It should have renewed by itself by now. Check that it can reach the control plane.',
    };
  }
  return { tone: 'good', label: 'Valid', detail: 'Renewed by the appliance itself.' };
}
