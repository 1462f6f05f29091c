import { authorization, toApiError, toUrl } from './client.js';
import { createMessageReader } from './message-reader.js';
import type { FeedEvent } from './types.js';

/** `absent`: the service has no feed, or the key may not read it. */
export type FeedState = 'connecting' | 'live' | 'reconnecting' | 'absent';

interface FeedListener {
  onEvent: (event: FeedEvent) => void;
  onState: (state: FeedState) => void;
  /** Events may have been missed: everything must be read again. */
  onGap: () => void;
}

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 15_000;
/** The service sends a comment every 15 seconds. */
const SILENCE_MS = 45_000;

/**
 * Reads the feed with fetch, because EventSource cannot send a key. Reconnects with a growing delay, after the last position.
 *
 * @returns ends the reading
 */
export function readFeed({ onEvent, onState, onGap }: FeedListener): () => void {
  const stop = new AbortController();
  const isStopped = (): boolean => stop.signal.aborted;
  let position: string | null = null;
  let delayMs = RETRY_FIRST_MS;
  const connect = async (): Promise<'retry' | 'absent'> => {
    const attempt = new AbortController();
    const signal = AbortSignal.any([stop.signal, attempt.signal]);
    const headers = {
      accept: 'text/event-stream',
      ...authorization(),
      ...(position !== null && { 'last-event-id': position }),
    };
    const response = await fetch(toUrl('api/feed'), { headers, signal, credentials: 'omit', cache: 'no-store' });
    if (!response.ok || response.body === null) {
      const { status, code } = toApiError(response.status, await response.text());
      // A position of another database, for example after a restore.
      if (status === 400 && position !== null) {
        position = null;
        onGap();
        return 'retry';
      }
      return status >= 500 || status === 429 || code === 'unreachable' ? 'retry' : 'absent';
    }
    if (position === null) onGap();
    delayMs = RETRY_FIRST_MS;
    onState('live');
    const read = createMessageReader(({ id, data }) => {
      position = id ?? position;
      const event = data === '' ? null : (JSON.parse(data) as Partial<FeedEvent>);
      if (event?.agent_type !== undefined) onEvent(event as FeedEvent);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const timer = setTimeout(() => {
        attempt.abort();
      }, SILENCE_MS);
      const { done, value } = await reader.read().finally(() => {
        clearTimeout(timer);
      });
      if (done) return 'retry';
      read(value);
    }
  };
  const run = async (): Promise<void> => {
    onState('connecting');
    while (!isStopped()) {
      if ((await connect().catch(() => 'retry' as const)) === 'absent') {
        onState('absent');
        return;
      }
      if (isStopped()) return;
      onState('reconnecting');
      await pause(delayMs * (0.5 + Math.random() / 2), stop.signal);
      delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
    }
  };
  void run();
  return () => {
    stop.abort();
  };
}

/** Waits; shorter if the browser comes back online. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
