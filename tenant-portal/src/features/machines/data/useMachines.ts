import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dataOf, readAll, useApi } from '@/lib/api';

export function useMachines(customerId?: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['machines', customerId ?? 'all'],
    queryFn: ({ signal }) =>
      readAll((page) => dataOf(api.GET('/vms', { params: { query: { ...page, customerId } }, signal }))),
  });
}

export function useMachine(customerId: string, vmId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['machines', customerId, vmId],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/customers/{customerId}/vms/{vmId}', {
          params: { path: { customerId, vmId } },
          signal,
        }),
      ),
  });
}

/** Queues a backup; give the same key again to repeat the same intent after a lost answer. */
export function useBackUpNow(customerId: string, vmId: string) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) =>
      dataOf(
        api.POST('/customers/{customerId}/vms/{vmId}/backup', {
          params: { path: { customerId, vmId }, header: { 'Idempotency-Key': key } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['machines'] }),
  });
}

/** Follows a queued command until it has ended. */
export function useCommand(customerId: string, commandId: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['commands', customerId, commandId],
    enabled: commandId !== undefined,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/customers/{customerId}/commands/{commandId}', {
          params: { path: { customerId, commandId: commandId ?? '' } },
          signal,
        }),
      ),
  });
}
