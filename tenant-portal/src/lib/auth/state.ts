/** Where the person stands with the sign-in. */
export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'signed-out'; readonly notice?: string }
  | { readonly kind: 'signed-in'; readonly username: string }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unavailable'; readonly title: string; readonly detail: string };

/** What the rest of the portal may know of the sign-in. Tokens leave it only for the API client. */
export interface Session {
  subscribe(listener: () => void): () => void;
  state(): SessionState;
  /** Leaves this page for the sign-in service and comes back to the given path. */
  signIn(returnTo: string): Promise<void>;
  signOut(): Promise<void>;
  token(): Promise<string>;
  tokenRejected(): Promise<string>;
}

/** Thrown instead of a request when there is no session to make it with. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';

  constructor() {
    super('You are signed out.');
  }
}
