import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '@/lib/api';
import { SignedOut } from '@/lib/auth';
import { Button } from './Button';
import { Notice } from './Notice';
import { Skeleton } from './Skeleton';
import { Time } from './Time';

interface Props<T> {
  readonly query: UseQueryResult<T>;
  /** What is being read, such as "appliances". */
  readonly what: string;
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}

/**
 * Shows a query in each of its states. Old data stays on screen when reading it again fails, with a
 * notice that says how old it is: on a bad day, yesterday's list is worth more than an empty page.
 */
export function Loaded<T>({ query, what, lines, children }: Props<T>) {
  const retry = (
    <Button size="small" isDisabled={query.isFetching} onPress={() => void query.refetch()}>
      {query.isFetching ? 'Trying…' : 'Try again'}
    </Button>
  );
  if (query.data === undefined) {
    if (query.error) return <Failure error={query.error} what={what} action={retry} />;
    return <Skeleton lines={lines} label={`Reading ${what}…`} />;
  }
  return (
    <>
      {query.error && !(query.error instanceof SignedOut) ? (
        <Notice tone="warn" urgent title={`These ${what} may be out of date`} action={retry}>
          {query.error.message} Last read{' '}
          <Time show="relative" value={new Date(query.dataUpdatedAt).toISOString()} />.
        </Notice>
      ) : null}
      {children(query.data)}
    </>
  );
}

function Failure({
  error,
  what,
  action,
}: {
  readonly error: Error;
  readonly what: string;
  readonly action: ReactNode;
}) {
  if (error instanceof SignedOut) return null;
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <Notice tone="idle" urgent title="Nothing here that you may see">
        It does not exist, or it belongs to someone else. If you followed a link, ask the person who sent
        it which account can open it.
      </Notice>
    );
  }
  if (error instanceof ApiProblem) {
    return (
      <Notice tone="bad" urgent title={`Could not read ${what}: ${error.title}`} action={action}>
        {error.message} {error.remedy} {error.code ? <code>{error.code}</code> : null}
      </Notice>
    );
  }
  return (
    <Notice tone="bad" urgent title={`Could not read ${what}`} action={action}>
      {error.message}
    </Notice>
  );
}
