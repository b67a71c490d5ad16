export { SessionContext, useSession, useSessionState } from './context';
export { CALLBACK_PATH, OidcSession, safePath } from './oidcSession';
export { SignedOut, type Session, type SessionState } from './state';
