import { useRouteError } from 'react-router-dom';
import { Button, Notice } from '@/components/ui';

/** A fault of this page itself. Says so, and that nothing but the page is broken. */
export function CrashRoute() {
  const error = useRouteError();
  return (
    <main className="lonely">
      <Notice
        urgent
        tone="bad"
        title="This page has a fault"
        action={<Button onPress={() => window.location.reload()}>Reload</Button>}
      >
        Backups and restores are not affected. If it comes back, tell support:{' '}
        <code>{error instanceof Error ? error.message : 'unknown fault'}</code>
      </Notice>
    </main>
  );
}
