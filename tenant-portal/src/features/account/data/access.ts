import type { Me, Role } from '@/lib/api';

/** What a person may look at and do. The control plane decides; this only hides what it would refuse. */
export interface Access {
  /** MSPs as such, without anything inside them. */
  readonly platform: boolean;
  /** Several customers of one MSP. */
  readonly portfolio: boolean;
  /** Sites, appliances, machines and restore points. */
  readonly protection: boolean;
  readonly backup: boolean;
  readonly approve: boolean;
  readonly retail: boolean;
  readonly wholesale: boolean;
  readonly usage: boolean;
}

const PROTECTION: readonly Role[] = [
  'msp-admin',
  'msp-operator',
  'customer-admin',
  'customer-operator',
  'customer-viewer',
];

/** From the roles named in openapi.yaml (`x-roles`). */
export function accessOf(me: Me): Access {
  const has = (...roles: readonly Role[]) => me.roles.some((role) => roles.includes(role));
  return {
    platform: has('platform-admin'),
    portfolio: has('msp-admin', 'msp-operator', 'msp-billing'),
    protection: has(...PROTECTION),
    backup: has('msp-admin', 'msp-operator', 'customer-admin', 'customer-operator'),
    approve: has('msp-admin', 'msp-operator', 'customer-admin'),
    retail: has('msp-admin', 'msp-billing', 'customer-admin'),
    wholesale: has('platform-admin', 'msp-admin', 'msp-billing'),
    usage: has('msp-admin', 'msp-billing', 'customer-admin', 'customer-viewer'),
  };
}
