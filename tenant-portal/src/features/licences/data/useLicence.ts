import { useQuery } from '@tanstack/react-query';
import { ApiProblem, dataOf, useApi, type Licence } from '@/lib/api';

/** The licence in force; null when none was issued. */
export function useLicence(customerId: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['licences', customerId],
    enabled: customerId !== undefined,
    queryFn: async ({ signal }): Promise<Licence | null> => {
      try {
        return await dataOf(
          api.GET('/customers/{customerId}/licence', {
            params: { path: { customerId: customerId ?? '' } },
            signal,
          }),
        );
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.status === 404) return null;
        throw problem;
      }
    },
  });
}
