import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Time } from '@/components/ui';
import type { Summary } from '../data/attention';
import { InvoiceTile } from './InvoiceTile';
import styles from './Tiles.module.css';

export function Tiles({ summary }: { readonly summary: Summary }) {
  return (
    <ul className={styles['tiles']} aria-label="Numbers">
      <Tile label="Machines with a policy" to="/machines">
        {summary.protectedMachines} <small>of {summary.machines}</small>
      </Tile>
      <Tile
        label="Furthest back"
        to="/machines?show=protected"
        hint={summary.furthestBack ? `newest point of ${summary.furthestBack.name}` : 'no restore point yet'}
      >
        <Time value={summary.furthestBack?.at} show="relative" never="none" />
      </Tile>
      <Tile label="Appliances healthy" to="/appliances">
        {summary.healthyAppliances} <small>of {summary.appliances}</small>
      </Tile>
      <InvoiceTile />
    </ul>
  );
}

interface TileProps {
  readonly label: string;
  readonly to: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function Tile({ label, to, hint, children }: TileProps) {
  return (
    <li className={styles['tile']}>
      <Link to={to} className={styles['label']}>
        {label}
      </Link>
      <p className={styles['value']}>{children}</p>
      {hint === undefined ? null : <p className={styles['hint']}>{hint}</p>}
    </li>
  );
}
