import { Navigate } from 'react-router-dom';
import { useAccess } from '@/features/account';
import { OverviewPage } from '@/features/overview';

/** The first page of whoever signs in: each role begins with what it works on. */
export function HomeRoute() {
  const access = useAccess();
  if (access.protection) return <OverviewPage />;
  if (access.platform) return <Navigate replace to="/msps" />;
  return <Navigate replace to="/wholesale" />;
}
