import { useParams } from 'react-router-dom';
import { MachinePage } from '@/features/machines';

export function MachineRoute() {
  const { customerId = '', vmId = '' } = useParams();
  return <MachinePage key={vmId} customerId={customerId} vmId={vmId} />;
}
