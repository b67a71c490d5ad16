import type { Tone } from '@/components/ui';
import type { RestorePoint } from '@/lib/api';

export interface Gone {
  readonly tone: Tone;
  readonly label: string;
  readonly title: string;
  readonly text: string;
  readonly at: string;
}

/** Why a point cannot be restored any more; undefined where it can. */
export function goneOf(point: Pick<RestorePoint, 'gone'>): Gone | undefined {
  const gone = point.gone;
  if (gone === undefined) return undefined;
  const detail = gone.detail === undefined ? '' : ` (${gone.detail})`;
  switch (gone.reason) {
    case 'retention':
      return {
        tone: 'idle',
        label: 'Let go',
        title: 'This point is gone',
        text: `It was kept for as long as the policy asks${detail}.`,
        at: gone.at,
      };
    case 'deleted':
      return {
        tone: 'warn',
        label: 'Deleted',
        title: 'This point is gone',
        text: 'Somebody deleted it from the repository; the appliance noticed.',
        at: gone.at,
      };
    case 'damaged':
      return {
        tone: 'bad',
        label: 'Damaged',
        title: 'This point cannot be restored whole',
        text: `Something that it needs is missing or damaged${detail}. It comes back when the repository is mended.`,
        at: gone.at,
      };
  }
}
