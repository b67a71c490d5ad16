import { Building2 } from 'lucide-react';
import { Link } from 'react-router-dom';
import { Card, CopyText, Empty, Loaded, Page, Table, Time } from '@/components/ui';
import { useMsps } from '../data/useMsps';

export function MspsPage() {
  const msps = useMsps();
  return (
    <Page
      title="MSPs"
      lead="The service providers on this platform. What is inside an MSP is visible only to its own people."
    >
      <Loaded query={msps} what="MSPs">
        {({ items }) => (
          <Card flush>
            {items.length === 0 ? (
              <Empty icon={Building2} title="No MSP yet">
                An MSP is created through the API with <code>POST /api/v1/msps</code>; the answer shows its
                first administrator’s password once.
              </Empty>
            ) : (
              <Table
                caption="MSPs on this platform"
                rows={items}
                rowKey={(msp) => msp.id}
                columns={[
                  { head: 'MSP', main: true, cell: (msp) => msp.name },
                  { head: 'Time zone', cell: (msp) => msp.timeZone },
                  { head: 'Since', cell: (msp) => <Time value={msp.createdAt} /> },
                  { head: 'Id', cell: (msp) => <CopyText text={msp.id} what="MSP id" shown={13} /> },
                  {
                    head: 'Wholesale',
                    align: 'end',
                    cell: (msp) => <Link to={`/msps/${msp.id}/invoice`}>Invoice preview</Link>,
                  },
                ]}
              />
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
