import type { Tone } from '@/components/ui';
import type { Licence } from '@/lib/api';

export interface LicenceVerdict {
  readonly tone: Tone;
  readonly label: string;
  readonly detail: string;
}

/** What a licence's state means. In none of them does a restore stop. */
export function licenceVerdict(state: Licence['state']): LicenceVerdict {
  switch (state) {
    case 'valid':
      return { tone: 'good', label: 'Valid', detail: 'Everything it covers works.' };
    case 'grace':
      return {
        tone: 'warn',
        label: 'In grace',
        detail: 'It has ended; everything still works for now. Renew it. Restores never stop.',
      };
    case 'restricted':
      return {
        tone: 'warn',
        label: 'Restricted',
        detail: 'Backups go on, but no machine can be added until it is renewed. Restores never stop.',
      };
    case 'suspended':
      return {
        tone: 'bad',
        label: 'Suspended',
        detail: 'No new restore points are made until it is renewed. Every point made so far can be restored.',
      };
    case 'revoked':
      return {
        tone: 'bad',
        label: 'Revoked',
        detail: 'No new restore points are made. Every point made so far can be restored.',
      };
  }
}
