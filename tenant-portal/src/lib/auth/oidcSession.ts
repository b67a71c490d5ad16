import {
  InMemoryWebStorage,
  UserManager,
  WebStorageStateStore,
  type User,
  type UserManagerSettings,
} from 'oidc-client-ts';
import { readPortalConfig } from './config';
import { SignedOut, type Session, type SessionState } from './state';

/** Where the sign-in service sends the browser back to. */
export const CALLBACK_PATH = '/signed-in';

/** Says only that this tab was signed in, so that a reload goes straight back through single sign-on. */
const HINT = 'sendense.signed-in';

const RENEW_BEFORE_SECONDS = 30;
const REQUEST_DEADLINE_SECONDS = 10;

/**
 * Sign-in by OpenID Connect, authorization code with PKCE. Tokens live in this object's memory only: a
 * reload forgets them and asks the sign-in service again, which answers without a form while its own
 * session lasts. The code verifier, which is worth nothing without the code, waits in sessionStorage.
 */
export class OidcSession implements Session {
  private current: SessionState = { kind: 'starting' };
  private readonly listeners = new Set<() => void>();
  private manager: UserManager | undefined;
  private renewal: Promise<User> | undefined;

  constructor(private readonly origin: string) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  state(): SessionState {
    return this.current;
  }

  /** Finishes a sign-in that is under way, or renews the last one. Gives the path to go to, if any. */
  async start(location: Location): Promise<string | undefined> {
    if (!(await this.prepare())) return undefined;
    if (location.pathname === CALLBACK_PATH) return this.finish(location);
    if (sessionStorage.getItem(HINT) !== null) {
      sessionStorage.removeItem(HINT);
      await this.signIn(location.pathname + location.search);
    } else {
      this.set({ kind: 'signed-out' });
    }
    return undefined;
  }

  async signIn(returnTo: string): Promise<void> {
    this.set({ kind: 'starting' });
    if (!(await this.prepare())) return;
    try {
      await this.manager?.signinRedirect({ state: returnTo });
    } catch {
      this.set({
        kind: 'unavailable',
        title: 'The sign-in service does not answer',
        detail:
          'The control plane is up, but the service that checks passwords could not be reached. ' +
          'Nothing is wrong with your account. Your appliances go on working without it, and restores ' +
          'can be started there.',
      });
    }
  }

  async signOut(): Promise<void> {
    sessionStorage.removeItem(HINT);
    const user = await this.manager?.getUser();
    await this.manager?.removeUser();
    try {
      await this.manager?.signoutRedirect(user?.id_token ? { id_token_hint: user.id_token } : {});
    } catch {
      this.set({
        kind: 'signed-out',
        notice:
          'You are signed out of this page, but the sign-in service could not be told. On a shared ' +
          'computer, close all browser windows.',
      });
    }
  }

  async token(): Promise<string> {
    const user = await this.manager?.getUser();
    if (!user) throw new SignedOut();
    if ((user.expires_in ?? 0) > RENEW_BEFORE_SECONDS) return user.access_token;
    return this.tokenRejected();
  }

  async tokenRejected(): Promise<string> {
    const manager = this.manager;
    if (!manager || this.current.kind !== 'signed-in') throw new SignedOut();
    // Many requests may find the token ended at once; the refresh token is good for one of them.
    this.renewal ??= this.renew(manager).finally(() => (this.renewal = undefined));
    return (await this.renewal).access_token;
  }

  private async renew(manager: UserManager): Promise<User> {
    try {
      const user = await manager.signinSilent();
      if (user) return user;
    } catch {
      // Whatever the reason, there is no good token: the person is asked to sign in again.
    }
    await manager.removeUser();
    this.set({ kind: 'expired' });
    throw new SignedOut();
  }

  private async prepare(): Promise<boolean> {
    if (this.manager) return true;
    if (!window.isSecureContext) {
      this.set({
        kind: 'unavailable',
        title: 'This page needs HTTPS',
        detail:
          'Browsers allow a safe sign-in only over HTTPS, or on this machine itself. Open the portal by ' +
          'its https:// address, or by http://127.0.0.1 on the machine that runs it.',
      });
      return false;
    }
    try {
      const config = await readPortalConfig(this.origin);
      this.manager = new UserManager(settings(config.issuer, config.clientId, this.origin));
      return true;
    } catch {
      this.set({
        kind: 'unavailable',
        title: 'The control plane does not answer',
        detail:
          'Your appliances go on backing up and can restore without it; only this page has to wait.',
      });
      return false;
    }
  }

  private async finish(location: Location): Promise<string> {
    try {
      const user = await this.manager?.signinCallback(location.href);
      if (!user) throw new Error('the sign-in gave no user');
      sessionStorage.setItem(HINT, '1');
      this.set({ kind: 'signed-in', username: user.profile.preferred_username ?? user.profile.sub });
      return safePath(user.state);
    } catch {
      this.set({
        kind: 'signed-out',
        notice:
          'The sign-in was not finished: it was cancelled, took too long, or was begun in another tab. Sign in again.',
      });
      return '/';
    }
  }

  private set(state: SessionState): void {
    this.current = state;
    this.listeners.forEach((listener) => listener());
  }
}

/** Only paths of this portal: a return address must not lead elsewhere. */
export function safePath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return '/';
  return value.startsWith(CALLBACK_PATH) ? '/' : value;
}

function settings(issuer: string, clientId: string, origin: string): UserManagerSettings {
  return {
    authority: issuer,
    client_id: clientId,
    redirect_uri: origin + CALLBACK_PATH,
    post_logout_redirect_uri: `${origin}/`,
    response_type: 'code',
    // Who the person is comes from /me; the realm offers no profile scope.
    scope: 'openid',
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: window.sessionStorage, prefix: 'sendense.oidc.' }),
    automaticSilentRenew: false,
    monitorSession: false,
    requestTimeoutInSeconds: REQUEST_DEADLINE_SECONDS,
    validateSubOnSilentRenew: true,
  };
}
