import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { dataOf, useApi, type Me } from '@/lib/api';
import { accessOf, type Access } from './access';

export const MeContext = createContext<Me | undefined>(undefined);

export function useMeQuery() {
  const api = useApi();
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => dataOf(api.GET('/me', { signal })),
    staleTime: Infinity,
  });
}

/** The person who is signed in; only below the layout, which waits for it. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of MeContext');
  return me;
}

export function useAccess(): Access {
  return accessOf(useMe());
}
