import type { ProblemBody } from './types';

/** What went wrong with a request, in words for the person who made it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** The stable code of the error table, when the control plane gave one. */
    readonly code: string | undefined,
    readonly title: string,
    detail: string,
    readonly remedy: string | undefined,
  ) {
    super(detail);
  }

  /** Whether trying the same again later can help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** No answer came at all: the control plane, the network or this machine's connection. */
export function unreachable(): ApiProblem {
  return new ApiProblem(
    0,
    undefined,
    'The control plane does not answer',
    'The request got no answer. Backups and restores on your appliances do not depend on it and go on.',
    'Check your network connection, then try again.',
  );
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body = await readProblem(response);
  if (body) {
    return new ApiProblem(response.status, body.code, body.title, body.detail, body.remedy);
  }
  return new ApiProblem(
    response.status,
    undefined,
    `The control plane answered ${response.status}`,
    'The answer carried no explanation, so it may come from a proxy in between.',
    response.status >= 500 ? 'Try again in a moment.' : undefined,
  );
}

async function readProblem(response: Response): Promise<ProblemBody | undefined> {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return undefined;
  try {
    const body: unknown = await response.json();
    return isProblem(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is ProblemBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    'title' in body &&
    typeof body.title === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string'
  );
}
