import { Outlet } from 'react-router-dom';
import { SignInPage } from '@/components/layout';
import { Loaded } from '@/components/ui';
import { MeContext, useMeQuery } from '@/features/account';
import { useSessionState } from '@/lib/auth';
import { LiveContext, useLiveUpdates } from '@/lib/live';

/** Lets nobody past who is not signed in; gives the pages behind it the person and the live state. */
export function SignedInRoute() {
  const state = useSessionState();
  return state.kind === 'signed-in' ? <WithMe /> : <SignInPage state={state} />;
}

function WithMe() {
  const me = useMeQuery();
  const live = useLiveUpdates();
  return (
    <LiveContext.Provider value={live}>
      {me.data ? (
        <MeContext.Provider value={me.data}>
          <Outlet />
        </MeContext.Provider>
      ) : (
        <main className="lonely">
          <Loaded query={me} what="your account" lines={2}>
            {() => null}
          </Loaded>
        </main>
      )}
    </LiveContext.Provider>
  );
}
