import { render } from '@testing-library/react';
import { createMemoryRouter } from 'react-router-dom';
import { onTestFinished, vi } from 'vitest';
import { App } from '@/app/App';
import { routes } from '@/app/router';
import { SignedOut, type Session, type SessionState } from '@/lib/auth';
import { startFake, type Fake } from '../../../fake/server.mjs';

/** Signed in at the fake from the start; the real sign-in is the end-to-end tests' matter. */
class TestSession implements Session {
  private current: SessionState;
  private readonly listeners = new Set<() => void>();
  private bearer: string;

  constructor(fake: Fake, username: string) {
    this.current = { kind: 'signed-in', username };
    this.bearer = fake.identity.tokenFor(username);
  }

  subscribe(listener: () => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  state() {
    return this.current;
  }

  signIn() {
    return Promise.resolve();
  }

  signOut() {
    this.set({ kind: 'signed-out' });
    return Promise.resolve();
  }

  token() {
    return Promise.resolve(this.bearer);
  }

  tokenRejected(): Promise<string> {
    this.bearer = '';
    this.set({ kind: 'expired' });
    return Promise.reject(new SignedOut());
  }

  private set(state: SessionState) {
    this.current = state;
    this.listeners.forEach((listener) => listener());
  }
}

/** The whole portal at a path, over a fake control plane that ends with the test. */
export async function openPortal(path: string, username: string, prepare?: (fake: Fake) => void, empty = false) {
  const fake = await startFake({ empty });
  prepare?.(fake);
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
    const page = window.location.origin;
    if (input instanceof Request) return real(new Request(input.url.replace(page, fake.url), input), init);
    return real((input instanceof URL ? input.href : input).replace(page, fake.url), init);
  });
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  const view = render(<App session={new TestSession(fake, username)} router={router} />);
  onTestFinished(async () => {
    view.unmount();
    vi.unstubAllGlobals();
    await fake.close();
  });
  return { fake, router };
}
