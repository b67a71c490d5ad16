import { useParams } from 'react-router-dom';
import { AppliancePage } from '@/features/appliances';

export function ApplianceRoute() {
  const { customerId = '', applianceId = '' } = useParams();
  return <AppliancePage key={applianceId} customerId={customerId} applianceId={applianceId} />;
}
