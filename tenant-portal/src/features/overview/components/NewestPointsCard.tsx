import { Link } from 'react-router-dom';
import { Card, Loaded, Time } from '@/components/ui';
import { useCustomerFilter } from '@/features/customers';
import { machinePath } from '@/features/machines';
import { kindOf, ProofStatus, useNewestPoints } from '@/features/points';
import { formatBytes } from '@/lib/format';
import styles from './NewestPointsCard.module.css';

const SHOWN = 6;

export function NewestPointsCard() {
  const { customerId } = useCustomerFilter();
  const query = useNewestPoints(customerId, SHOWN);
  return (
    <Card title="Newest restore points" flush>
      <Loaded query={query} what="restore points">
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles['none']}>None yet. The first appears when a first backup has been sealed.</p>
          ) : (
            <ul>
              {items.map((point) => (
                <li key={point.id} className={styles['point']}>
                  <div className={styles['words']}>
                    <Link to={machinePath({ customerId: point.customerId, id: point.vmId })}>{point.vmName}</Link>
                    <p className="sub">
                      {kindOf(point)}, {formatBytes(point.readBytes)} read, {formatBytes(point.storedBytes)} new,{' '}
                      <Time value={point.capturedAt} show="relative" />
                    </p>
                  </div>
                  <ProofStatus point={point} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
