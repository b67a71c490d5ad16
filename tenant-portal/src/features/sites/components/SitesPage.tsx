import { MapPin } from 'lucide-react';
import { Link } from 'react-router-dom';
import { Card, type Column, CopyText, Empty, Loaded, Page, Table, Time } from '@/components/ui';
import { useAppliances } from '@/features/appliances';
import { CustomerPicker, useCustomerFilter } from '@/features/customers';
import { useMachines } from '@/features/machines';
import type { Site } from '@/lib/api';
import { useSites } from '../data/useSites';

export function SitesPage() {
  const filter = useCustomerFilter();
  const sites = useSites(filter.customerId);
  const appliances = useAppliances(filter.customerId).data?.items;
  const machines = useMachines(filter.customerId).data?.items;
  const count = (of: readonly { siteId: string }[] | undefined, site: Site) =>
    of === undefined ? '…' : of.filter(({ siteId }) => siteId === site.id).length;

  const columns: Column<Site>[] = [
    {
      head: 'Site',
      main: true,
      cell: (site) => (
        <>
          {site.name}
          {site.location === undefined ? null : <SubLine text={site.location} />}
        </>
      ),
    },
    {
      head: 'Appliances',
      align: 'end',
      cell: (site) => <Link to="/appliances">{count(appliances, site)}</Link>,
    },
    {
      head: 'Machines',
      align: 'end',
      cell: (site) => <Link to="/machines">{count(machines, site)}</Link>,
    },
    { head: 'Since', cell: (site) => <Time value={site.createdAt} /> },
    { head: 'Id', cell: (site) => <CopyText text={site.id} what="site id" shown={13} /> },
  ];
  if (filter.several) {
    columns.splice(1, 0, { head: 'Customer', cell: (site) => filter.nameOf(site.customerId) });
  }
  return (
    <Page title="Sites" lead="Places where machines run and an appliance protects them." actions={<CustomerPicker />}>
      <Loaded query={sites} what="sites">
        {({ items }) => (
          <Card flush>
            {items.length === 0 ? (
              <Empty icon={MapPin} title="No site yet">
                A site is created by your MSP, or through the API with{' '}
                <code>POST /customers/…/sites</code>. An appliance then enrols there.
              </Empty>
            ) : (
              <Table caption="Sites" rows={items} rowKey={(site) => site.id} columns={columns} />
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}

function SubLine({ text }: { readonly text: string }) {
  return <div className="sub">{text}</div>;
}
