import { Loaded, Notice, Page, ToneIcon } from '@/components/ui';
import { useAppliances } from '@/features/appliances';
import { CustomerPicker, useCustomerFilter, useCustomers } from '@/features/customers';
import { LicenceCard } from '@/features/licences';
import { useMachines } from '@/features/machines';
import { usePolicies } from '@/features/policies';
import type { Appliance, Vm } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { concernsOf, headline, summaryOf } from '../data/attention';
import { ConcernsCard } from './ConcernsCard';
import { CustomersCard } from './CustomersCard';
import { NewestPointsCard } from './NewestPointsCard';
import styles from './OverviewPage.module.css';
import { Tiles } from './Tiles';

/** How things stand: one sentence, four numbers, what needs a person, and the newest points. */
export function OverviewPage() {
  const filter = useCustomerFilter();
  const machines = useMachines(filter.customerId);
  const appliances = useAppliances(filter.customerId);
  return (
    <Page title="Overview" actions={<CustomerPicker />}>
      <Loaded query={machines} what="machines" lines={6}>
        {({ items, complete }) => (
          <>
            {complete ? null : (
              <Notice tone="info" title="Counts cover the first machines only">
                There are more than {items.length.toLocaleString('en-GB')}; choose a customer for exact numbers.
              </Notice>
            )}
            <Loaded query={appliances} what="appliances">
              {(fleet) => <Standing machines={items} appliances={fleet.items} />}
            </Loaded>
          </>
        )}
      </Loaded>
      {filter.several && filter.customerId === undefined ? (
        <CustomersCard />
      ) : null}
    </Page>
  );
}

function Standing({ machines, appliances }: { readonly machines: readonly Vm[]; readonly appliances: readonly Appliance[] }) {
  const { customerId, several } = useCustomerFilter();
  const customers = useCustomers().data?.items ?? [];
  const one = customerId ?? (several ? undefined : customers[0]?.id);
  const policies = usePolicies(customerId).data?.items ?? [];
  const now = useNow();
  const summary = summaryOf(machines, appliances, policies, now);
  const { tone, title, text } = headline(summary);
  return (
    <div className="stack">
      <div className={`${styles['hero']} ${styles[tone]}`} data-testid="headline">
        <ToneIcon tone={tone} size={32} />
        <div>
          <p className={styles['title']}>{title}</p>
          <p className={styles['text']}>{text}</p>
        </div>
      </div>
      <Tiles summary={summary} />
      <div className={styles['columns']}>
        <div className="stack">
          <ConcernsCard concerns={concernsOf(machines, appliances, policies, now)} />
          {one === undefined ? null : <LicenceCard customerId={one} />}
        </div>
        <NewestPointsCard />
      </div>
    </div>
  );
}
