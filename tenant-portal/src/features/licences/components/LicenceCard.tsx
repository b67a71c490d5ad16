import { Card, Facts, Loaded, Notice, Status, Time } from '@/components/ui';
import { useLicence } from '../data/useLicence';
import { licenceVerdict } from '../data/state';

export function LicenceCard({ customerId }: { readonly customerId: string }) {
  const query = useLicence(customerId);
  return (
    <Card title="Licence" hint="Restores work in every state of the licence.">
      <Loaded query={query} what="the licence" lines={2}>
        {(licence) => {
          if (licence === null) {
            return (
              <Notice tone="idle" title="No licence has been issued">
                Your MSP issues it. Points that exist can be restored without one.
              </Notice>
            );
          }
          const verdict = licenceVerdict(licence.state);
          const facts = (
            <Facts
              items={[
                ['State', <Status key="s" tone={verdict.tone}>{verdict.label}</Status>],
                ['Edition', licence.edition],
                ['Machines', `up to ${licence.maxVms.toLocaleString('en-GB')}`],
                ['Ends', <Time key="e" value={licence.validTo} />],
              ]}
            />
          );
          if (verdict.tone === 'good') return facts;
          return (
            <div className="stack">
              <Notice tone={verdict.tone} title={verdict.label}>
                {verdict.detail}
              </Notice>
              {facts}
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}
