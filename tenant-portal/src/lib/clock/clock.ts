import { useSyncExternalStore } from 'react';

/** One tick for the whole page, so that all relative times move together. */
const TICK_MS = 10_000;

let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  now = new Date();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = new Date();
    timer = setInterval(tick, TICK_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The time now, renewed every ten seconds while anyone looks. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}
