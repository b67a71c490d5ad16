import { Server } from 'lucide-react';
import { Link, useSearchParams } from 'react-router-dom';
import { Card, Empty, Loaded, Notice, Page, Select } from '@/components/ui';
import { CustomerPicker, useCustomerFilter } from '@/features/customers';
import type { Vm } from '@/lib/api';
import { useMachines } from '../data/useMachines';
import { MachinesTable } from './MachinesTable';

type Show = 'all' | 'protected' | 'unprotected';

export function MachinesPage() {
  const filter = useCustomerFilter();
  const machines = useMachines(filter.customerId);
  const [search, setSearch] = useSearchParams();
  const show = readShow(search.get('show'));
  const chooseShow = (value: string) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value === 'all') after.delete('show');
      else after.set('show', value);
      return after;
    });
  return (
    <Page
      title="Machines"
      lead="Every virtual machine your appliances have seen, protected or not."
      actions={
        <>
          <CustomerPicker />
          <Select
            label="Show"
            value={show}
            onChange={chooseShow}
            options={[
              { value: 'all', label: 'All machines' },
              { value: 'protected', label: 'With a policy' },
              { value: 'unprotected', label: 'Not protected' },
            ]}
          />
        </>
      }
    >
      <Loaded query={machines} what="machines" lines={6}>
        {({ items, complete }) => (
          <>
            {complete ? null : (
              <Notice tone="info" title={`The first ${items.length.toLocaleString('en-GB')} machines are shown`}>
                Choose a customer to see all of its machines.
              </Notice>
            )}
            <Machines all={items} show={show} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Machines({ all, show }: { readonly all: readonly Vm[]; readonly show: Show }) {
  const rows = all.filter((vm) => show === 'all' || vm.protected === (show === 'protected'));
  return (
    <Card flush>
      {rows.length > 0 ? (
        <MachinesTable machines={rows} />
      ) : (
        <Empty icon={Server} title={all.length === 0 ? 'No machine seen yet' : 'No machine matches'}>
          {all.length === 0 ? (
            'Machines appear here as soon as an appliance reports them, a minute or so after it enrols.'
          ) : show === 'unprotected' ? (
            'Every machine is covered by a policy.'
          ) : (
            <>
              No machine is covered by a policy. <Link to="/machines">Show all machines</Link>
            </>
          )}
        </Empty>
      )}
    </Card>
  );
}

function readShow(value: string | null): Show {
  return value === 'protected' || value === 'unprotected' ? value : 'all';
}
