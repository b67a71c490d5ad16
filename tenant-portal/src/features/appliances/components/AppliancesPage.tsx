import { HardDrive } from 'lucide-react';
import { Link } from 'react-router-dom';
import { Card, type Column, Empty, Loaded, Page, Status, Table, Time } from '@/components/ui';
import { CustomerPicker, useCustomerFilter } from '@/features/customers';
import { useSiteNames } from '@/features/sites';
import type { Appliance } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { useAppliances } from '../data/useAppliances';
import { certificateOf, healthOf } from '../data/health';

export function AppliancesPage() {
  const filter = useCustomerFilter();
  const appliances = useAppliances(filter.customerId);
  const siteName = useSiteNames();
  const columns: Column<Appliance>[] = [
    {
      head: 'Appliance',
      main: true,
      cell: (appliance) => (
        <>
          <Link to={appliancePath(appliance)}>{appliance.name}</Link>
          <div className="sub">{siteName(appliance.siteId)}</div>
        </>
      ),
    },
    { head: 'Health', cell: (appliance) => <Health appliance={appliance} /> },
    { head: 'Last seen', cell: (appliance) => <Time value={appliance.lastSeenAt} /> },
    { head: 'Certificate', cell: (appliance) => <Certificate expiresAt={appliance.certificateExpiresAt} /> },
    { head: 'Version', cell: (appliance) => appliance.version ?? 'not reported' },
  ];
  if (filter.several) {
    columns.splice(1, 0, { head: 'Customer', cell: (appliance) => filter.nameOf(appliance.customerId) });
  }
  return (
    <Page
      title="Appliances"
      lead="They capture, store and restore at your sites. They only dial out, and go on working when this page cannot be reached."
      actions={<CustomerPicker />}
    >
      <Loaded query={appliances} what="appliances">
        {({ items }) => (
          <Card flush>
            {items.length === 0 ? (
              <Empty icon={HardDrive} title="No appliance has enrolled yet">
                Create a one-time token for a site, then run{' '}
                <code>sendense appliance enrol --state DIR --cloud URL --ca FILE</code> there.
              </Empty>
            ) : (
              <Table caption="Appliances" rows={items} rowKey={({ id }) => id} columns={columns} />
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}

export function appliancePath(appliance: Pick<Appliance, 'customerId' | 'id'>): string {
  return `/customers/${appliance.customerId}/appliances/${appliance.id}`;
}

export function Health({ appliance }: { readonly appliance: Appliance }) {
  const { tone, label, detail } = healthOf(appliance);
  return (
    <>
      <Status tone={tone}>{label}</Status>
      {tone === 'good' ? null : <div className="sub">{detail}</div>}
    </>
  );
}

export function Certificate({ expiresAt }: { readonly expiresAt: string | undefined }) {
  const verdict = certificateOf(expiresAt, useNow());
  if (!verdict) return <span className="sub">not reported</span>;
  if (verdict.tone === 'good') return <Time value={expiresAt} />;
  return (
    <>
      <Status tone={verdict.tone}>{verdict.label}</Status>
      <div className="sub">
        <Time value={expiresAt} show="absolute" />
      </div>
    </>
  );
}
