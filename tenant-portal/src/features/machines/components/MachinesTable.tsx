import { Link } from 'react-router-dom';
import { Bytes, type Column, Status, Table, Time } from '@/components/ui';
import { useCustomerFilter } from '@/features/customers';
import { usePolicies } from '@/features/policies';
import { useSiteNames } from '@/features/sites';
import type { Vm } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { diskBytes, protectionOf } from '../data/protection';
import { JobLine } from './JobLine';

export function machinePath(vm: Pick<Vm, 'customerId' | 'id'>): string {
  return `/customers/${vm.customerId}/machines/${vm.id}`;
}

export function MachinesTable({ machines }: { readonly machines: readonly Vm[] }) {
  const filter = useCustomerFilter();
  const siteName = useSiteNames();
  const policies = usePolicies(filter.customerId).data?.items ?? [];
  const now = useNow();
  const columns: Column<Vm>[] = [
    {
      head: 'Machine',
      main: true,
      cell: (vm) => (
        <>
          <Link to={machinePath(vm)}>{vm.name}</Link>
          <div className="sub">{siteName(vm.siteId)}</div>
        </>
      ),
    },
    {
      head: 'Protection',
      cell: (vm) => {
        const protection = protectionOf(vm, policies, now);
        return (
          <>
            <Status tone={protection.tone}>{protection.label}</Status>
            {protection.attention ? <div className="sub">{protection.detail}</div> : null}
            <JobLine job={vm.lastJob} />
          </>
        );
      },
    },
    {
      head: 'Newest point',
      cell: (vm) => <Time value={vm.lastPointAt} never={vm.pointCount === 0 ? 'none' : 'not reported'} />,
    },
    { head: 'Points', align: 'end', cell: (vm) => vm.pointCount.toLocaleString('en-GB') },
    { head: 'Disks', align: 'end', cell: (vm) => <Bytes value={diskBytes(vm)} /> },
  ];
  if (filter.several && filter.customerId === undefined) {
    columns.splice(1, 0, { head: 'Customer', cell: (vm) => filter.nameOf(vm.customerId) });
  }
  return <Table caption="Virtual machines" rows={machines} rowKey={({ id }) => id} columns={columns} />;
}
