import { useRef } from 'react';
import { Button, Card, CopyText, Facts, Loaded, Notice, Page, Status, Time } from '@/components/ui';
import { useAccess } from '@/features/account';
import { useSiteNames } from '@/features/sites';
import type { Appliance } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { useAppliance, useApprove } from '../data/useAppliances';
import { certificateOf, healthOf } from '../data/health';

interface Props {
  readonly customerId: string;
  readonly applianceId: string;
}

export function AppliancePage({ customerId, applianceId }: Props) {
  const query = useAppliance(customerId, applianceId);
  return (
    <Page
      title={query.data?.name ?? 'Appliance'}
      crumbs={[{ to: '/appliances', label: 'Appliances' }]}
    >
      <Loaded query={query} what="the appliance">
        {(appliance) => <Details appliance={appliance} />}
      </Loaded>
    </Page>
  );
}

function Details({ appliance }: { readonly appliance: Appliance }) {
  const now = useNow();
  const siteName = useSiteNames();
  const access = useAccess();
  const health = healthOf(appliance);
  const certificate = certificateOf(appliance.certificateExpiresAt, now);
  return (
    <div className="stack">
      {health.tone === 'good' ? null : (
        <Notice
          tone={health.tone}
          title={health.label}
          action={
            appliance.state === 'pending' && access.approve ? <Approve appliance={appliance} /> : undefined
          }
        >
          {health.detail}
        </Notice>
      )}
      {(appliance.alerts ?? []).map((alert) => (
        <Notice key={`${alert.code} ${alert.at}`} tone="warn" title={alert.message}>
          <Time value={alert.at} show="relative" /> · <code>{alert.code}</code>
        </Notice>
      ))}
      <Card title="State">
        <Facts
          items={[
            ['Health', <Status key="h" tone={health.tone}>{health.label}</Status>],
            ['Last seen', <Time key="l" value={appliance.lastSeenAt} />],
            ['Site', siteName(appliance.siteId)],
            ['Version', appliance.version ?? 'not reported'],
            ['Certificate ends', <Time key="c" value={appliance.certificateExpiresAt} never="not reported" />],
            ['Certificate', certificate?.detail ?? 'not reported'],
            ['Settings', settingsText(appliance)],
            ['Enrolled', <Time key="e" value={appliance.enrolledAt} />],
            ['Id', <CopyText key="i" text={appliance.id} what="appliance id" />],
          ]}
        />
      </Card>
    </div>
  );
}

/** Whether what was decided in the cloud has arrived at the appliance. */
function settingsText(appliance: Appliance): string {
  const { desiredVersion, appliedVersion } = appliance;
  if (desiredVersion === undefined) return 'none yet';
  if (appliedVersion === desiredVersion) return `Applied (version ${desiredVersion})`;
  return `Version ${desiredVersion} on its way; ${
    appliedVersion === undefined ? 'none applied yet' : `version ${appliedVersion} applied`
  }`;
}

function Approve({ appliance }: { readonly appliance: Appliance }) {
  const approve = useApprove(appliance.customerId, appliance.id);
  // One key for this button: pressing again after a lost answer repeats the same intent.
  const key = useRef(crypto.randomUUID());
  return (
    <>
      <Button variant="primary" isDisabled={approve.isPending} onPress={() => approve.mutate(key.current)}>
        Let it in
      </Button>
      {approve.error ? <p role="alert">{approve.error.message}</p> : null}
    </>
  );
}
