import { Link } from 'react-router-dom';
import { Card, Notice, Status } from '@/components/ui';
import { useCustomerFilter } from '@/features/customers';
import type { Concern } from '../data/attention';
import styles from './ConcernsCard.module.css';

const MOST_SHOWN = 12;

export function ConcernsCard({ concerns }: { readonly concerns: readonly Concern[] }) {
  const filter = useCustomerFilter();
  const shown = concerns.slice(0, MOST_SHOWN);
  return (
    <Card
      flush={concerns.length > 0}
      title="Needs a look"
      hint={concerns.length === 0 ? undefined : `${concerns.length} in all, worst first`}
    >
      {concerns.length === 0 ? (
        <Notice tone="good" title="Nothing needs you now">
          Every machine and appliance that reported was looked at.
        </Notice>
      ) : (
        <ul className={styles['list']}>
          {shown.map((concern) => (
            <li key={concern.key} className={styles['concern']}>
              <div className={styles['words']}>
                <Link to={concern.to}>{concern.name}</Link>
                {filter.several ? <span className="sub"> {filter.nameOf(concern.customerId)}</span> : null}
                <p className="sub">{concern.detail}</p>
              </div>
              <Status tone={concern.tone}>{concern.label}</Status>
            </li>
          ))}
          {concerns.length > shown.length ? (
            <li className={styles['concern']}>
              <Link to="/machines">All machines</Link>
            </li>
          ) : null}
        </ul>
      )}
    </Card>
  );
}
