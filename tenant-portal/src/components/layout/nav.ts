import { Building2, Gauge, HardDrive, MapPin, ReceiptText, Server, Store, type LucideIcon } from 'lucide-react';
import type { Access } from '@/features/account';

export interface NavItem {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** What a person's menu holds; nothing that would only answer "not allowed". */
export function navFor(access: Access): NavItem[] {
  const items: NavItem[] = [];
  if (access.platform) items.push({ to: '/msps', label: 'MSPs', icon: Building2 });
  if (access.protection) {
    items.push(
      { to: '/', label: 'Overview', icon: Gauge },
      { to: '/machines', label: 'Machines', icon: Server },
      { to: '/appliances', label: 'Appliances', icon: HardDrive },
      { to: '/sites', label: 'Sites', icon: MapPin },
    );
  }
  if (access.retail) {
    items.push({ to: '/invoice', label: access.portfolio ? 'Retail' : 'Invoice', icon: ReceiptText });
  }
  if (access.wholesale && !access.platform) items.push({ to: '/wholesale', label: 'Wholesale', icon: Store });
  return items;
}
