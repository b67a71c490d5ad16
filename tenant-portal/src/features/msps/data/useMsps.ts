import { useQuery } from '@tanstack/react-query';
import { dataOf, readAll, useApi } from '@/lib/api';

export function useMsps() {
  const api = useApi();
  return useQuery({
    queryKey: ['msps'],
    queryFn: ({ signal }) =>
      readAll((query) => dataOf(api.GET('/msps', { params: { query }, signal }))),
  });
}

export function useMsp(mspId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['msps', mspId],
    queryFn: ({ signal }) => dataOf(api.GET('/msps/{mspId}', { params: { path: { mspId } }, signal })),
  });
}
