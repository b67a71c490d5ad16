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
  }
}

/** How the changes of a point were found. Whatever the way, the point is complete. */
export function kindOf(point: Pick<RestorePoint, 'kind'>): string {
  switch (point.kind) {
    case 'full':
      return 'Full';
    case 'incremental':
      return 'Incremental';
    case 'compare':
      return 'Compared in full';
  }
}
