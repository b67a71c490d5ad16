import { History } from 'lucide-react';
import { useState } from 'react';
import { Button, Card, Empty, Loaded } from '@/components/ui';
import type { RestorePoint, Vm } from '@/lib/api';
import { usePoints } from '../data/usePoints';
import { PointRow } from './PointRow';

/** The restore points of a machine; each opens to what it rests on and how to restore it. */
export function PointsCard({ vm }: { readonly vm: Vm }) {
  const [gone, setGone] = useState(false);
  const query = usePoints(vm, gone);
  return (
    <Card
      flush
      title="Restore points"
      hint="Each one is complete on its own. Open one to see what is known of it and how to restore it."
      action={
        <Button variant="quiet" size="small" onPress={() => setGone(!gone)}>
          {gone ? 'Hide those that are gone' : 'Show those that are gone'}
        </Button>
      }
    >
      <Loaded query={query} what="restore points">
        {({ pages }) => {
          const points = pages.flatMap((page) => page.items);
          if (points.length === 0) return <NoPoints vm={vm} />;
          return (
            <>
              <PointList points={points} disks={vm.disks.length} />
              {query.hasNextPage ? (
                <div className="more">
                  <Button isDisabled={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
                    {query.isFetchingNextPage ? 'Reading…' : 'Show older points'}
                  </Button>
                </div>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function PointList({ points, disks }: { readonly points: readonly RestorePoint[]; readonly disks: number }) {
  return (
    <ul data-testid="points" aria-label="Restore points">
      {points.map((point) => (
        <li key={point.id}>
          <PointRow point={point} disks={disks} />
        </li>
      ))}
    </ul>
  );
}

function NoPoints({ vm }: { readonly vm: Vm }) {
  return (
    <Empty icon={History} title="No restore point yet">
      {vm.protected
        ? 'The first one appears when the first backup has been sealed and read back.'
        : 'No policy covers this machine, so none will be made. Add it to a policy to protect it.'}
    </Empty>
  );
}
