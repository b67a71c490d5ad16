import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { dataOf, useApi, type Vm } from '@/lib/api';

const PAGE = 25;

/**
 * Restore points of one machine, newest first, a page at a time.
 * @param gone also those that cannot be restored any more
 */
export function usePoints(vm: Pick<Vm, 'id' | 'customerId'>, gone: boolean) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['points', vm.customerId, vm.id, gone],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET('/restore-points', {
          params: {
            query: { customerId: vm.customerId, vmId: vm.id, gone, limit: PAGE, cursor: pageParam },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The newest points in scope, for the overview. */
export function useNewestPoints(customerId: string | undefined, limit: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['points', 'newest', customerId ?? 'all', limit],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/restore-points', { params: { query: { customerId, limit } }, signal })),
  });
}
