import { AppliancesPage } from '@/features/appliances';

export function AppliancesRoute() {
  return <AppliancesPage />;
}
