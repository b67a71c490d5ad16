import { Bytes, Card, CopyText, Facts, Loaded, Notice, Page, Status, Time } from '@/components/ui';
import { useAccess } from '@/features/account';
import { useApplianceNames } from '@/features/appliances';
import { usePolicies } from '@/features/policies';
import { PointsCard } from '@/features/points';
import { useSiteNames } from '@/features/sites';
import type { Policy, Vm } from '@/lib/api';
import { useNow } from '@/lib/clock/clock';
import { formatDuration } from '@/lib/format';
import { diskBytes, protectionOf } from '../data/protection';
import { useMachine } from '../data/useMachines';
import { useBackUp } from './BackUpNow';
import { JobLine } from './JobLine';

interface Props {
  readonly customerId: string;
  readonly vmId: string;
}

export function MachinePage({ customerId, vmId }: Props) {
  const query = useMachine(customerId, vmId);
  const access = useAccess();
  const backUp = useBackUp(query.data);
  const canBackUp = access.backup && query.data?.protected === true;
  return (
    <Page
      title={query.data?.name ?? 'Machine'}
      crumbs={[{ to: '/machines', label: 'Machines' }]}
      actions={canBackUp ? backUp.button : undefined}
    >
      {backUp.outcome}
      <Loaded query={query} what="the machine">
        {(vm) => (
          <div className="stack">
            <StateCard vm={vm} />
            <PointsCard vm={vm} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function StateCard({ vm }: { readonly vm: Vm }) {
  const policies = usePolicies(vm.customerId).data?.items ?? [];
  const protection = protectionOf(vm, policies, useNow());
  const siteName = useSiteNames();
  const applianceName = useApplianceNames();
  return (
    <>
      {protection.attention ? (
        <Notice tone={protection.tone} title={protection.label}>
          {protection.detail}
        </Notice>
      ) : null}
      <Card title="Protection">
        <Facts
          items={[
            ['State', <Status key="s" tone={protection.tone}>{protection.label}</Status>],
            ['Newest point', <Time key="t" value={vm.lastPointAt} never="none" />],
            ['Restore points', vm.pointCount.toLocaleString('en-GB')],
            ['Policy', policyText(vm, policies)],
            ['Disks', <Disks key="d" vm={vm} />],
            ['Platform', vm.platform],
            ['Appliance', `${applianceName(vm.applianceId)}, ${siteName(vm.siteId)}`],
            ['Last job', <LastJob key="j" vm={vm} />],
            ['Id', <CopyText key="i" text={vm.id} what="machine id" />],
          ]}
        />
      </Card>
    </>
  );
}

function Disks({ vm }: { readonly vm: Vm }) {
  return (
    <>
      {vm.disks.length === 1 ? '1 disk, ' : `${vm.disks.length} disks, `}
      <Bytes value={diskBytes(vm)} />
    </>
  );
}

function LastJob({ vm }: { readonly vm: Vm }) {
  const job = vm.lastJob;
  if (!job) return 'none yet';
  return (
    <>
      {job.kind} {job.state} <Time value={job.finishedAt ?? job.startedAt} show="relative" />
      {job.message === undefined ? null : <div className="sub">{job.message}</div>}
      <JobLine job={job} />
    </>
  );
}

function keepText(keep: Policy['retention']): string {
  const counts: readonly (readonly [number | undefined, string])[] = [
    [keep.keepHourly, 'hourly'],
    [keep.keepDaily, 'daily'],
    [keep.keepWeekly, 'weekly'],
    [keep.keepMonthly, 'monthly'],
    [keep.keepYearly, 'yearly'],
  ];
  const calendar = counts.filter(([count]) => (count ?? 0) > 0).map(([count, word]) => `${count} ${word}`);
  return [String(keep.keepLast), ...calendar].join(', ');
}

function policyText(vm: Vm, policies: readonly Policy[]): string {
  const covering = policies.filter((policy) => policy.vmIds.includes(vm.id));
  if (covering.length === 0) return vm.protected ? '…' : 'none';
  return covering
    .map(
      (policy) =>
        `${policy.name}: every ${formatDuration(policy.intervalSeconds)}, keeps ${keepText(policy.retention)}`,
    )
    .join('; ');
}
