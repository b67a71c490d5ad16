import { Status } from '@/components/ui';
import type { RestorePoint } from '@/lib/api';
import { proofOf } from '../data/proof';

export function ProofStatus({ point }: { readonly point: Pick<RestorePoint, 'proof'> }) {
  const { tone, label } = proofOf(point);
  return <Status tone={tone}>{label}</Status>;
}
