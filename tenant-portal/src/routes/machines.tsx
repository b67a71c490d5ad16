import { MachinesPage } from '@/features/machines';

export function MachinesRoute() {
  return <MachinesPage />;
}
