import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { dataOf, readAll, useApi } from '@/lib/api';
import { useAccess } from '@/features/account';

export function useCustomers() {
  const api = useApi();
  const access = useAccess();
  return useQuery({
    queryKey: ['customers'],
    queryFn: ({ signal }) =>
      readAll((query) => dataOf(api.GET('/customers', { params: { query }, signal }))),
    enabled: !access.platform,
  });
}

/** Which customer a portfolio is narrowed to; part of the address, so that a link keeps it. */
export interface CustomerFilter {
  readonly customerId: string | undefined;
  /** Whether there is more than one customer to tell apart. */
  readonly several: boolean;
  readonly nameOf: (customerId: string) => string;
  readonly choose: (customerId: string | undefined) => void;
}

export function useCustomerFilter(): CustomerFilter {
  const [search, setSearch] = useSearchParams();
  const customers = useCustomers().data?.items ?? [];
  return {
    customerId: search.get('customer') ?? undefined,
    several: customers.length > 1,
    nameOf: (id) => customers.find((customer) => customer.id === id)?.name ?? id.slice(0, 8),
    choose: (id) =>
      setSearch((before) => {
        const after = new URLSearchParams(before);
        if (id === undefined) after.delete('customer');
        else after.set('customer', id);
        return after;
      }),
  };
}
