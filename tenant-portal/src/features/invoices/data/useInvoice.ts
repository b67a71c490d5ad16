import { useQuery } from '@tanstack/react-query';
import { dataOf, readAll, useApi, type Listing, type UsageRecord } from '@/lib/api';
import type { Period } from './period';

export function useCustomerInvoice(customerId: string | undefined, period: Period, enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: ['invoices', 'customer', customerId, period],
    enabled: enabled && customerId !== undefined,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/customers/{customerId}/invoice-preview', {
          params: { path: { customerId: customerId ?? '' }, query: { period } },
          signal,
        }),
      ),
  });
}

export function useMspInvoice(mspId: string | undefined, period: Period, enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: ['invoices', 'msp', mspId, period],
    enabled: enabled && mspId !== undefined,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/msps/{mspId}/invoice-preview', {
          params: { path: { mspId: mspId ?? '' }, query: { period } },
          signal,
        }),
      ),
  });
}

/** All accepted usage records of a customer, as far as 2,000 of them. */
export function useUsageRecords(customerId: string | undefined, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['usage', customerId],
    enabled: enabled && customerId !== undefined,
    queryFn: ({ signal }): Promise<Listing<UsageRecord>> =>
      readAll((query) =>
        dataOf(
          api.GET('/customers/{customerId}/usage-records', {
            params: { path: { customerId: customerId ?? '' }, query },
            signal,
          }),
        ),
      ),
  });
}
