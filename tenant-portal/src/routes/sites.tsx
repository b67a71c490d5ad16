import { SitesPage } from '@/features/sites';

export function SitesRoute() {
  return <SitesPage />;
}
