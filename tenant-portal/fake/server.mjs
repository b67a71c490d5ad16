// The control plane and the sign-in service, made up, over real HTTP on loopback: for `npm run dev`, the unit tests
// and the end-to-end tests. Built from openapi.yaml: its paths, roles and schemas. Every answer is checked.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { readContract } from './contract.mjs';
import { createWorld } from './data.mjs';
import { createIdentity } from './oidc.mjs';
import { createOperations, Refusal } from './operations.mjs';
import { people } from './people.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json',
};
const API = '/api/v1';

/**
 * Starts both on free ports (or the one given for the control plane).
 * `faults` may be changed at any time: identityDown, apiDown, eventsDown, slowMs, lifetimeSeconds, refuse (a status by operation).
 */
export async function startFake({ dist, port = 0, now = new Date(), empty = false } = {}) {
  const contract = readContract();
  const faults = { refuse: {} };
  const world = createWorld(now);
  if (empty) Object.assign(world, { vms: [], appliances: [], sites: [], policies: [], points: [], usage: [], licences: [] });
  const streams = new Set();
  const seen = [];
  const emit = (event) => {
    const frame = `event: change\ndata: ${JSON.stringify({ at: new Date().toISOString(), ...event })}\n\n`;
    streams.forEach((stream) => stream.write(frame));
  };

  let identity;
  const identityServer = createServer((request, response) => void identity.handle(request, response));
  const identityPort = await listen(identityServer, 0);
  identity = createIdentity({
    people, origin: `http://127.0.0.1:${identityPort}`,
    lifetimeSeconds: () => faults.lifetimeSeconds ?? 300,
    down: () => faults.identityDown === true,
  });
  const operations = createOperations(world, { issuer: identity.issuer, emit });

  const answer = async (request, response, path, query) => {
    if (faults.slowMs) await new Promise((resolve) => setTimeout(resolve, faults.slowMs));
    if (faults.apiDown) return request.socket.destroy();
    const found = contract.find(request.method, path);
    if (!found) throw new Refusal(404, 'SD-1001', 'Not found', `There is no ${request.method} ${path}.`);
    const { operation, params } = found;
    seen.push(operation.id);
    const me = identity.personOf((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (!operation.open && !me) throw new Refusal(401, 'SD-1004', 'Not signed in', 'The token is missing, wrong or has ended.');
    if (operation.roles && !operation.roles.some((role) => me.roles.includes(role))) {
      throw new Refusal(403, 'SD-1003', 'Not allowed', `${operation.id} is not for your role.`);
    }
    const refused = faults.refuse[operation.id];
    if (refused) throw new Refusal(refused, 'SD-2000', 'Our fault', 'Something broke in the control plane.', 'Try again in a moment.');
    const unknown = Object.keys(query).find((name) => !operation.query.some((each) => each.name === name));
    if (unknown) throw new Refusal(400, 'SD-1000', 'Bad argument', `${operation.id} knows no parameter ${unknown}.`);
    if (operation.id === 'streamEvents') return stream(request, response);
    const handler = operations[operation.id];
    if (!handler) throw new Refusal(501, 'SD-2000', 'Not in the fake', operation.id);
    const result = handler({ me, params, query });
    const { status, body } = typeof result.body === 'object' ? result : { status: 200, body: result };
    const wrong = contract.check(operation, status, JSON.parse(JSON.stringify(body)));
    if (wrong.length > 0) throw new Refusal(500, 'SD-2000', 'The fake breaks the contract', wrong.join('; '));
    return json(response, status, body);
  };

  const stream = (request, response) => {
    if (faults.eventsDown) return request.socket.destroy();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    streams.add(response);
    request.on('close', () => streams.delete(response));
    return undefined;
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    if (!url.pathname.startsWith(`${API}/`)) return file(dist, url.pathname, response, identity.issuer);
    const query = Object.fromEntries(url.searchParams);
    return answer(request, response, url.pathname.slice(API.length), query).catch((error) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'SD-2000', 'The fake broke', String(error?.stack ?? error));
      json(response, refusal.status, refusal.body, 'application/problem+json');
    });
  });
  const apiPort = await listen(server, port);

  return {
    url: `http://127.0.0.1:${apiPort}`, world, faults, identity, emit, seen, contract,
    endStreams: () => streams.forEach((each) => each.destroy()),
    close: async () => {
      for (const each of [server, identityServer]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
    },
  };
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server.address().port));
  });
}

function json(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** The policy that the portal promises to live under: nothing inline, nothing from elsewhere but the sign-in service. */
export function contentSecurityPolicy(issuer) {
  return [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", `connect-src 'self' ${new URL(issuer).origin}`,
    "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  ].join('; ');
}

/** The built portal; a path without a file is a page of the portal. */
function file(dist, path, response, issuer) {
  if (!dist) return json(response, 404, {});
  const wanted = join(dist, normalize(path));
  const found = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, 'index.html');
  response.writeHead(200, {
    'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy(issuer), 'x-content-type-options': 'nosniff',
  });
  createReadStream(found).pipe(response);
  return undefined;
}
