import type { Tone } from '@/components/ui';
import type { RestorePoint } from '@/lib/api';

export interface Proof {
  readonly tone: Tone;
  readonly label: string;
  readonly detail: string;
}

/** What is known of a point, said no stronger than it is. */
export function proofOf(point: Pick<RestorePoint, 'proof'>): Proof {
  switch (point.proof) {
    case 'verified':
      return {
        tone: 'good',
        label: 'Verified',
        detail: 'Everything it wrote was read back from the store after sealing.',
      };
    case 'unverified':
      return {
        tone: 'idle',
        label: 'Not verified',
        detail: 'It is sealed, but was not read back yet. Treat it as not proven.',
      };
    case 'damaged':
      return {
        tone: 'bad',
        label: 'Damaged',
        detail: 'Reading it back failed. Restore from another point, and tell support before you delete anything.',
      };
  }
}
