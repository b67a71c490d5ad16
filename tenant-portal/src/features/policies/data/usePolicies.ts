import { useQuery } from '@tanstack/react-query';
import { dataOf, readAll, useApi } from '@/lib/api';

export function usePolicies(customerId?: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['policies', customerId ?? 'all'],
    queryFn: ({ signal }) =>
      readAll((page) =>
        dataOf(api.GET('/policies', { params: { query: { ...page, customerId } }, signal })),
      ),
  });
}
