import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf, readAll, useApi } from '@/lib/api';

export function useAppliances(customerId?: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['appliances', customerId ?? 'all'],
    queryFn: ({ signal }) =>
      readAll((page) =>
        dataOf(api.GET('/appliances', { params: { query: { ...page, customerId } }, signal })),
      ),
  });
}

export function useAppliance(customerId: string, applianceId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['appliances', customerId, applianceId],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/customers/{customerId}/appliances/{applianceId}', {
          params: { path: { customerId, applianceId } },
          signal,
        }),
      ),
  });
}

export function useApplianceNames(): (applianceId: string) => string {
  const appliances = useAppliances().data?.items ?? [];
  return (id) => appliances.find((appliance) => appliance.id === id)?.name ?? id.slice(0, 8);
}

export function useApprove(customerId: string, applianceId: string) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      dataOf(
        api.POST('/customers/{customerId}/appliances/{applianceId}/approve', {
          params: { path: { customerId, applianceId }, header: { 'Idempotency-Key': key } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['appliances'] }),
  });
}
