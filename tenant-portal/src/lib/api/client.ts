import createClient, { type Client } from 'openapi-fetch';
import { problemOf, unreachable } from './problem';
import type { paths } from './schema';

/** Gives the bearer token of a request, and says what to do when one was refused. */
export interface TokenSource {
  /** A token that should still be good, renewed when it is about to end. */
  token(): Promise<string>;
  /** Called after a 401; resolves with a fresh token, or rejects when the session is over. */
  tokenRejected(): Promise<string>;
}

export type Api = Client<paths>;

/** No request of the portal may hang: after this time it is given up and reported as unanswered. */
const DEADLINE_MS = 20_000;

export const BASE_PATH = '/api/v1';

/**
 * A client of the contract. Calls resolve with data or reject with an ApiProblem; a refused token is
 * renewed and the request is made once more.
 */
export function createApi(tokens: TokenSource, origin = window.location.origin): Api {
  return createClient<paths>({
    baseUrl: origin + BASE_PATH,
    fetch: (request) => send(request, tokens),
  });
}

/** The data of an answer. Problems were thrown before, so that every caller handles one kind of failure. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}

async function send(request: Request, tokens: TokenSource): Promise<Response> {
  const again = request.clone();
  let response = await attempt(request, await tokens.token());
  if (response.status === 401) {
    response = await attempt(again, await tokens.tokenRejected());
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function attempt(request: Request, token: string): Promise<Response> {
  request.headers.set('authorization', `Bearer ${token}`);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), DEADLINE_MS);
  const abort = () => deadline.abort();
  request.signal.addEventListener('abort', abort);
  try {
    return await fetch(request, { signal: deadline.signal, cache: 'no-store' });
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw unreachable();
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', abort);
  }
}
