import { Link } from 'react-router-dom';
import { Notice, Page } from '@/components/ui';

export function NotFoundRoute() {
  return (
    <Page title="No such page">
      <Notice tone="idle" title="This address leads nowhere">
        <Link to="/">Go to the first page</Link>
      </Notice>
    </Page>
  );
}
