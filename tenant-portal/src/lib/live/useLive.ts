import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState } from 'react';
import type { LiveEvent } from '@/lib/api';
import { useSession } from '@/lib/auth';
import { followEvents, type LiveState } from './stream';

/** Which queries an event makes worth reading again, by the first part of their key. */
const KEYS: Record<string, readonly string[] | undefined> = {
  customer: ['customers'],
  site: ['sites'],
  appliance: ['appliances'],
  vm: ['machines'],
  policy: ['policies', 'machines'],
  command: ['commands', 'machines'],
  'restore-point': ['points', 'machines'],
  licence: ['licences'],
  usage: ['invoices', 'usage'],
  alert: ['appliances', 'machines'],
} satisfies Record<LiveEvent['type'], readonly string[]>;

/** A burst of events becomes one read. */
const GATHER_MS = 300;

export const LiveContext = createContext<LiveState>('connecting');

export function useLiveState(): LiveState {
  return useContext(LiveContext);
}

/** Keeps every query of this client as fresh as the stream allows, while the caller is mounted. */
export function useLiveUpdates(): LiveState {
  const session = useSession();
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const gathered = gather(client);
    const stop = followEvents(
      session,
      {
        onState: setState,
        onEvent: (event) => gathered.add(KEYS[event.type] ?? []),
        onGap: () => void client.invalidateQueries(),
      },
      window.location.origin,
    );
    return () => {
      stop();
      gathered.stop();
    };
  }, [session, client]);
  return state;
}

function gather(client: QueryClient) {
  const keys = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(more: readonly string[]) {
      more.forEach((key) => keys.add(key));
      timer ??= setTimeout(() => {
        timer = undefined;
        const due = [...keys];
        keys.clear();
        due.forEach((key) => void client.invalidateQueries({ queryKey: [key] }));
      }, GATHER_MS);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
