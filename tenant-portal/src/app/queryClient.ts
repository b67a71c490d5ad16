import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '@/lib/api';

const FRESH_MS = 15_000;
const MOST_RETRIES = 2;

/** Retries what can pass by itself; everything else is shown at once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => error instanceof ApiProblem && error.passing && failures < MOST_RETRIES,
        retryDelay: (failures) => 500 * 2 ** failures,
        // A request that cannot leave the machine is shown as such, not left pending.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
