import type { Tone } from '@/components/ui';
import { appliancePath, healthOf } from '@/features/appliances';
import { machinePath, protectionOf } from '@/features/machines';
import type { Appliance, Policy, Vm } from '@/lib/api';

/** One thing a person should look at. */
export interface Concern {
  readonly key: string;
  readonly customerId: string;
  readonly tone: Tone;
  readonly name: string;
  readonly label: string;
  readonly detail: string;
  readonly to: string;
}

const ORDER: Record<Tone, number> = { bad: 0, warn: 1, info: 2, idle: 3, good: 4 };

/** What needs attention, worst first. Silence here means that every machine and appliance was looked at. */
export function concernsOf(
  machines: readonly Vm[],
  appliances: readonly Appliance[],
  policies: readonly Policy[],
  now: Date,
): Concern[] {
  const concerns: Concern[] = [];
  for (const appliance of appliances) {
    const common = { customerId: appliance.customerId, name: appliance.name, to: appliancePath(appliance) };
    const { tone, label, detail } = healthOf(appliance);
    if (tone !== 'good') concerns.push({ ...common, key: `a ${appliance.id}`, tone, label, detail });
    (appliance.alerts ?? []).forEach((alert, index) =>
      concerns.push({
        ...common,
        key: `a ${appliance.id} ${index}`,
        tone: 'warn',
        label: 'Alert',
        detail: alert.message,
      }),
    );
  }
  for (const vm of machines) {
    const { attention, tone, label, detail } = protectionOf(vm, policies, now);
    if (!attention) continue;
    concerns.push({ key: `v ${vm.id}`, customerId: vm.customerId, name: vm.name, to: machinePath(vm), tone, label, detail });
  }
  return concerns.sort((a, b) => ORDER[a.tone] - ORDER[b.tone] || a.name.localeCompare(b.name));
}

export interface Summary {
  readonly machines: number;
  readonly protectedMachines: number;
  /** Protected as their policies ask, now: the number the headline rests on. */
  readonly asAsked: number;
  readonly appliances: number;
  readonly healthyAppliances: number;
  /** The machine that would lose most if all were lost now: its newest point is the oldest of all. */
  readonly furthestBack: { readonly name: string; readonly at: string } | undefined;
}

export function summaryOf(
  machines: readonly Vm[],
  appliances: readonly Appliance[],
  policies: readonly Policy[],
  now: Date,
): Summary {
  const covered = machines.filter((vm) => vm.protected);
  const newest = covered.flatMap((vm) => (vm.lastPointAt === undefined ? [] : [{ name: vm.name, at: vm.lastPointAt }]));
  return {
    machines: machines.length,
    protectedMachines: covered.length,
    asAsked: covered.filter((vm) => vm.lastPointAt !== undefined && !protectionOf(vm, policies, now).attention).length,
    appliances: appliances.length,
    healthyAppliances: appliances.filter((appliance) => healthOf(appliance).tone === 'good').length,
    furthestBack: newest.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0],
  };
}

/** One sentence for the top of the page, said no stronger than what was counted. */
export function headline(summary: Summary): { readonly tone: Tone; readonly title: string; readonly text: string } {
  const { machines, asAsked, protectedMachines } = summary;
  if (machines === 0) {
    return {
      tone: 'idle',
      title: 'Nothing to protect yet',
      text: 'Machines appear as soon as an appliance has enrolled and looked around.',
    };
  }
  if (asAsked === machines) {
    return {
      tone: 'good',
      title: machines === 1 ? 'Your machine is protected' : `All ${machines} machines are protected`,
      text: 'Each has a restore point as young as its policy asks, and its last backup did not fail.',
    };
  }
  const bare = machines - protectedMachines;
  const others = machines - asAsked - bare;
  const sentences = [
    bare > 0 ? `${bare} ${bare === 1 ? 'has' : 'have'} no policy: nothing new of ${bare === 1 ? 'it' : 'them'} is saved.` : '',
    others > 0 ? `${others} with a policy ${others === 1 ? 'is' : 'are'} late, failed or not yet begun.` : '',
  ];
  return {
    tone: 'warn',
    title: `${asAsked} of ${machines} machines are protected as asked`,
    text: sentences.filter((sentence) => sentence !== '').join(' '),
  };
}
