import { useQuery } from '@tanstack/react-query';
import { dataOf, readAll, useApi } from '@/lib/api';

export function useSites(customerId?: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['sites', customerId ?? 'all'],
    queryFn: ({ signal }) =>
      readAll((page) =>
        dataOf(api.GET('/sites', { params: { query: { ...page, customerId } }, signal })),
      ),
  });
}

/** Names of sites by id; the beginning of the id until they are read. */
export function useSiteNames(): (siteId: string) => string {
  const sites = useSites().data?.items ?? [];
  return (id) => sites.find((site) => site.id === id)?.name ?? id.slice(0, 8);
}
