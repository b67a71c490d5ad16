import type { LiveEvent, TokenSource } from '@/lib/api';
import { BASE_PATH } from '@/lib/api';
import { SignedOut } from '@/lib/auth';
import { EventParser } from './parser';

/** `live`: changes arrive as they happen. `polling`: the stream is down and pages are read again by time. */
export type LiveState = 'connecting' | 'live' | 'polling';

export interface LiveListener {
  onState(state: LiveState): void;
  onEvent(event: LiveEvent): void;
  /** Changes may have been missed: read everything again. */
  onGap(): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
export const POLL_MS = 30_000;
/** The stream carries a comment every 15 seconds; twice that in silence means a dead connection. */
const SILENCE_MS = 40_000;

/**
 * Follows `/events` until stopped. EventSource cannot send a bearer token, so this reads the stream of
 * a fetch. Whenever the stream is down, `onGap` is called every thirty seconds instead.
 */
export function followEvents(tokens: TokenSource, listener: LiveListener, origin: string): () => void {
  const stop = new AbortController();
  let failures = 0;
  const stopped = () => stop.signal.aborted;

  const run = async () => {
    listener.onState('connecting');
    while (!stopped()) {
      try {
        await readStream(tokens, origin, stop.signal, {
          ...listener,
          onState: (state) => {
            if (state === 'live') failures = 0;
            listener.onState(state);
          },
        });
      } catch (cause) {
        if (cause instanceof SignedOut) return;
      }
      if (stopped()) return;
      // A stream that ended at once after a good one is a token's end: reconnect without alarm.
      failures += 1;
      if (failures > 1) listener.onState('polling');
      await pause(retryDelay(failures, Math.random()), stop.signal);
    }
  };

  const poll = setInterval(() => {
    if (failures > 1) listener.onGap();
  }, POLL_MS);
  void run();
  return () => {
    stop.abort();
    clearInterval(poll);
  };
}

/** Doubles from one second to thirty, with jitter so that a restarted control plane is not stormed. */
export function retryDelay(failures: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1));
  return full / 2 + (full / 2) * random;
}

async function readStream(
  tokens: TokenSource,
  origin: string,
  signal: AbortSignal,
  listener: LiveListener,
): Promise<void> {
  const quiet = new AbortController();
  const abort = () => quiet.abort();
  signal.addEventListener('abort', abort);
  let watchdog = setTimeout(abort, SILENCE_MS);
  try {
    const response = await open(tokens, origin, quiet.signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Error('the stream has no body');
    listener.onState('live');
    listener.onGap();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, SILENCE_MS);
      for (const { event, data } of parser.push(value)) {
        if (event === 'change') listener.onEvent(JSON.parse(data) as LiveEvent);
      }
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', abort);
    quiet.abort();
  }
}

async function open(tokens: TokenSource, origin: string, signal: AbortSignal): Promise<Response> {
  const ask = (token: string) =>
    fetch(`${origin}${BASE_PATH}/events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      cache: 'no-store',
      signal,
    });
  let response = await ask(await tokens.token());
  if (response.status === 401) response = await ask(await tokens.tokenRejected());
  if (!response.ok) throw new Error(`events answered ${response.status}`);
  return response;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
