import { useState, type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { Button, Notice } from '@/components/ui';
import { useSession, type SessionState } from '@/lib/auth';
import { Brand } from './Brand';
import styles from './SignInPage.module.css';

/** Everything a person can see without being signed in. */
export function SignInPage({ state }: { readonly state: Exclude<SessionState, { kind: 'signed-in' }> }) {
  const { pathname, search } = useLocation();
  const session = useSession();
  const [leaving, setLeaving] = useState(false);
  const signIn = () => {
    setLeaving(true);
    void session.signIn(pathname + search).finally(() => setLeaving(false));
  };
  const button = (label: string) => (
    <Button variant="primary" isDisabled={leaving} onPress={signIn}>
      {leaving ? 'One moment…' : label}
    </Button>
  );
  return (
    <main className={styles['page']}>
      <div className={styles['box']}>
        <Brand />
        {body(state, button)}
      </div>
    </main>
  );
}

function body(state: Exclude<SessionState, { kind: 'signed-in' }>, button: (label: string) => ReactNode): ReactNode {
  switch (state.kind) {
    case 'starting':
      return (
        <>
          <h1 className={styles['title']}>Signing in</h1>
          <p role="status" className={styles['text']}>
            One moment…
          </p>
        </>
      );
    case 'signed-out':
      return (
        <>
          <h1 className={styles['title']}>Sign in</h1>
          {state.notice === undefined ? null : (
            <Notice urgent tone="info" title="You are not signed in">
              {state.notice}
            </Notice>
          )}
          <p className={styles['text']}>See what is protected, how fresh it is, and what it costs.</p>
          {button('Sign in')}
        </>
      );
    case 'expired':
      return (
        <>
          <h1 className={styles['title']}>Your session has ended</h1>
          <p className={styles['text']}>
            You were away for a while, or were signed out elsewhere. Nothing was lost; after signing in you
            are back on the same page.
          </p>
          {button('Sign in again')}
        </>
      );
    case 'unavailable':
      return (
        <>
          <h1 className={styles['title']}>{state.title}</h1>
          <Notice urgent tone="warn" title="You cannot sign in right now">
            {state.detail}
          </Notice>
          {button('Try again')}
        </>
      );
  }
}
