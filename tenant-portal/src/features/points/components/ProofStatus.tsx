import { Status } from '@/components/ui';
import type { RestorePoint } from '@/lib/api';
import { goneOf } from '../data/gone';
import { proofOf } from '../data/proof';

export function ProofStatus({ point }: { readonly point: Pick<RestorePoint, 'proof' | 'gone'> }) {
  const gone = goneOf(point);
  if (gone !== undefined) return <Status tone={gone.tone}>{gone.label}</Status>;
  const { tone, label } = proofOf(point);
  return <Status tone={tone}>{label}</Status>;
}
