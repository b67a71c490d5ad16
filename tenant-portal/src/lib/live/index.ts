export { POLL_MS, retryDelay, type LiveState } from './stream';
export { LiveContext, useLiveState, useLiveUpdates } from './useLive';
