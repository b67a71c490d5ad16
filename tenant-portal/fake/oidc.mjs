// A sign-in service with just enough OpenID Connect for the portal: code flow with PKCE, refresh, logout.
// Everyone's password is "sendense". For development and tests only; it listens on loopback.
import { createHash, randomUUID } from 'node:crypto';

const REALM = '/realms/sendense';
const COOKIE = 'made_up_session';

export function createIdentity({ people, origin, lifetimeSeconds = () => 300, down = () => false }) {
  const codes = new Map();
  const refresh = new Map();
  const access = new Map();
  const sessions = new Map();
  const issuer = origin + REALM;

  const issue = (username, clientId, nonce) => {
    const seconds = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer, aud: clientId, sub: `sub-${username}`, preferred_username: username, iat: seconds, exp: seconds + 3600, nonce,
    };
    const tokens = { access_token: randomUUID(), refresh_token: randomUUID() };
    access.set(tokens.access_token, { username, ends: Date.now() + lifetimeSeconds() * 1000 });
    refresh.set(tokens.refresh_token, { username, clientId });
    return { ...tokens, id_token: jwt(claims), token_type: 'Bearer', expires_in: lifetimeSeconds(), scope: 'openid profile' };
  };

  const handle = async (request, response) => {
    const url = new URL(request.url, origin);
    const send = (status, body, headers = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, {
        'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'content-type': 'application/json', ...headers,
      });
      response.end(text);
    };
    if (down()) return request.socket.destroy();
    if (request.method === 'OPTIONS') return send(204, '');
    const form = request.method === 'POST' ? new URLSearchParams(await bodyOf(request)) : new URLSearchParams();
    switch (url.pathname) {
      case `${REALM}/.well-known/openid-configuration`:
        return send(200, {
          issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`,
          end_session_endpoint: `${issuer}/logout`, jwks_uri: `${issuer}/certs`,
        });
      case `${REALM}/auth`:
        return authorize(url, form, request.headers.cookie ?? '', send);
      case `${REALM}/token`:
        return token(form, send);
      case `${REALM}/logout`:
        return send(302, '', {
          location: url.searchParams.get('post_logout_redirect_uri') ?? '/', 'set-cookie': `${COOKIE}=; Max-Age=0; Path=${REALM}`,
        });
      case '/favicon.ico':
        return send(204, '');
      default:
        return send(404, { error: 'not_found' });
    }
  };

  const authorize = (url, form, cookies, send) => {
    const session = new RegExp(`${COOKIE}=(\\w+)`).exec(cookies)?.[1];
    const username = form.get('username') ?? sessions.get(session) ?? null;
    const known = form.has('username') ? form.get('password') === 'sendense' : username !== null;
    if (!known || !people[username]) return send(200, loginPage(username !== null), { 'content-type': 'text/html; charset=utf-8' });
    const code = randomUUID();
    codes.set(code, {
      username, clientId: url.searchParams.get('client_id'), challenge: url.searchParams.get('code_challenge'),
      nonce: url.searchParams.get('nonce') ?? undefined,
    });
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', url.searchParams.get('state'));
    back.searchParams.set('iss', issuer);
    const cookie = hash(`session of ${username}`).slice(0, 32);
    sessions.set(cookie, username);
    return send(302, '', { location: back.href, 'set-cookie': `${COOKIE}=${cookie}; Path=${REALM}; HttpOnly; SameSite=Lax` });
  };

  const token = (form, send) => {
    if (form.get('grant_type') === 'refresh_token') {
      const known = refresh.get(form.get('refresh_token'));
      refresh.delete(form.get('refresh_token'));
      return known ? send(200, issue(known.username, known.clientId)) : send(400, { error: 'invalid_grant' });
    }
    const grant = codes.get(form.get('code'));
    codes.delete(form.get('code'));
    const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (!grant || grant.challenge !== challenge) return send(400, { error: 'invalid_grant' });
    return send(200, issue(grant.username, grant.clientId, grant.nonce));
  };

  return {
    issuer,
    handle,
    /** Who a bearer token is, while it lasts. */
    personOf: (bearer) => {
      const known = access.get(bearer);
      return known && known.ends > Date.now() ? people[known.username] : undefined;
    },
    tokenFor: (username) => issue(username, 'sendense-portal').access_token,
    /** Ends every session: no token and no refresh token is good any more. */
    endSessions: () => {
      sessions.clear();
      refresh.clear();
      access.clear();
    },
  };
}

const hash = (text) => createHash('sha256').update(text).digest('hex');

function jwt(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

async function bodyOf(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text;
}

// The same ids as Keycloak's own form, so that the end-to-end script signs in at either.
function loginPage(wrong) {
  return `<!doctype html><html lang="en"><title>Sign in</title><main><h1>Made-up sign-in</h1>
${wrong ? '<p id="input-error">Wrong name or password.</p>' : ''}
<form method="post"><label>Name <input id="username" name="username"></label>
<label>Password <input id="password" name="password" type="password"></label>
<button id="kc-login" type="submit">Sign in</button></form></main></html>`;
}
