import { Link } from 'react-router-dom';
import { Card, Loaded, Status, Table } from '@/components/ui';
import { useAppliances } from '@/features/appliances';
import { useCustomers } from '@/features/customers';
import { useMachines } from '@/features/machines';
import { usePolicies } from '@/features/policies';
import { useNow } from '@/lib/clock/clock';
import { concernsOf, summaryOf } from '../data/attention';

/** The portfolio: one row for each customer, in the words of the overview. */
export function CustomersCard() {
  const customers = useCustomers();
  const machines = useMachines().data?.items ?? [];
  const appliances = useAppliances().data?.items ?? [];
  const policies = usePolicies().data?.items ?? [];
  const now = useNow();
  return (
    <Card flush title="Customers">
      <Loaded query={customers} what="customers">
        {({ items }) => (
          <Table
            caption="Customers"
            rowKey={(row) => row.id}
            rows={items.map((customer) => {
              const theirs = machines.filter((vm) => vm.customerId === customer.id);
              const fleet = appliances.filter(({ customerId }) => customerId === customer.id);
              return {
                id: customer.id,
                name: customer.name,
                ...summaryOf(theirs, fleet, policies, now),
                concerns: concernsOf(theirs, fleet, policies, now).length,
              };
            })}
            columns={[
              { head: 'Customer', main: true, cell: (row) => <Link to={`/?customer=${row.id}`}>{row.name}</Link> },
              {
                head: 'Standing',
                cell: (row) =>
                  row.concerns === 0 ? (
                    <Status tone={row.machines === 0 ? 'idle' : 'good'}>
                      {row.machines === 0 ? 'No machines yet' : 'Nothing to do'}
                    </Status>
                  ) : (
                    <Status tone="warn">{row.concerns} to look at</Status>
                  ),
              },
              { head: 'Protected as asked', align: 'end', cell: (row) => `${row.asAsked} of ${row.machines}` },
              {
                head: 'Appliances healthy',
                align: 'end',
                cell: (row) => `${row.healthyAppliances} of ${row.appliances}`,
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
