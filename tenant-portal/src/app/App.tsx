import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { RouterProvider } from 'react-router-dom';
import { ApiContext, createApi } from '@/lib/api';
import { SessionContext, type Session } from '@/lib/auth';
import { createQueryClient } from './queryClient';
import { createRouter, type Router } from './router';

interface Props {
  readonly session: Session;
  readonly router?: Router;
}

/** The portal for a session; tests give their own of both. */
export function App({ session, router }: Props) {
  const [client] = useState<QueryClient>(createQueryClient);
  const api = useMemo(() => createApi(session), [session]);
  const [routes] = useState(() => router ?? createRouter());
  useForgetting(session, client);
  return (
    <SessionContext.Provider value={session}>
      <ApiContext.Provider value={api}>
        <QueryClientProvider client={client}>
          <RouterProvider router={routes} future={{ v7_startTransition: true }} />
        </QueryClientProvider>
      </ApiContext.Provider>
    </SessionContext.Provider>
  );
}

/** What one person has read must not be there for the next who signs in on the same page. */
function useForgetting(session: Session, client: QueryClient) {
  useEffect(
    () =>
      session.subscribe(() => {
        if (session.state().kind !== 'signed-in') client.clear();
      }),
    [session, client],
  );
}
