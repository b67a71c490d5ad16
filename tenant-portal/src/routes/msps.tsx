import { MspsPage } from '@/features/msps';

export function MspsRoute() {
  return <MspsPage />;
}
