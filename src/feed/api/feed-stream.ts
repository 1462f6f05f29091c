import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FeedEvent } from '../read/feed-event.js';
import type { FeedReader } from '../read/feed-reader.js';

/** Content type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';
/** Delay after which a disconnected client should reconnect, in milliseconds. */
const RETRY_MS = 2_000;
/** Time for which a client may read nothing, in milliseconds. */
export const SLOW_MS = 30_000;
/** Number of bytes that wait for a client before reading pauses. */
const BUFFER_BYTES = 64 * 1024;

const messages = new WeakMap<FeedEvent, string>();

/** The message of an event, which is built once for all readers. */
function toMessage(event: FeedEvent): string {
  let message = messages.get(event);
  if (message === undefined) {
    message = `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    messages.set(event, message);
  }
  return message;
}

export interface FeedStreamOptions {
  /** Time after which a silent stream sends a comment and the access is checked again. */
  heartbeatMs: number;
  /** Time for which the client may read nothing. */
  slowMs: number;
  /** Whether the client may still read. */
  isAllowed: () => Promise<boolean>;
  /** Facts about the stream for the log line of its request. */
  remarks: { sent: number; reason: EndReason };
}

/** Reason for the end of a stream. */
export type EndReason = 'disconnected' | 'too_slow' | 'access_ended' | 'shutdown' | 'failed';

/**
 * Sends the events of a reader as server-sent events until the client disconnects, reads too slowly or loses its access, or the
 * reader is closed. Reads only as fast as the client does.
 */
export function streamFeed(reader: FeedReader, options: FeedStreamOptions): PassThrough {
  const stream = new PassThrough({ highWaterMark: BUFFER_BYTES });
  // Closed by the response, when the client disconnects.
  stream.once('close', () => {
    reader.close();
  });
  stream.on('error', () => undefined);
  const send = async (text: string): Promise<void> => {
    if (!stream.write(text)) await waitForClient(stream, options.slowMs);
  };
  const isClosed = () => reader.isClosed;
  const run = async (): Promise<EndReason> => {
    let checkedAt = performance.now();
    // The id alone: a client that reconnects before the first event continues here.
    await send(`retry: ${RETRY_MS}\nid: ${reader.position}\n\n`);
    while (!isClosed()) {
      const { events, position } = await reader.next(options.heartbeatMs);
      if (isClosed()) break;
      if (performance.now() - checkedAt >= options.heartbeatMs) {
        if (!(await options.isAllowed())) return 'access_ended';
        checkedAt = performance.now();
      }
      await send(events.length > 0 ? events.map(toMessage).join('') : `: heartbeat\nid: ${position}\n\n`);
      options.remarks.sent += events.length;
    }
    return stream.destroyed ? 'disconnected' : 'shutdown';
  };
  void run()
    .catch((error: unknown): EndReason => {
      if (stream.destroyed) return 'disconnected';
      return error instanceof TooSlowError ? 'too_slow' : 'failed';
    })
    .then((reason) => {
      reader.close();
      options.remarks.reason = reason;
      finish(stream, reason, options.slowMs);
    });
  return stream;
}

class TooSlowError extends Error {}

async function waitForClient(stream: PassThrough, limitMs: number): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, limitMs);
  const { signal } = limit;
  try {
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]);
  } catch (cause) {
    throw signal.aborted ? new TooSlowError('the client is too slow', { cause }) : cause;
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

/** Ends the stream. What the client does not read in time is discarded. */
function finish(stream: PassThrough, reason: EndReason, limitMs: number): void {
  if (stream.destroyed) return;
  if (reason === 'too_slow') {
    const detail = 'The events were not read in time. Reconnect with Last-Event-ID to continue.';
    stream.end(`event: too_slow\ndata: ${JSON.stringify({ detail })}\n\n`);
  } else {
    stream.end();
  }
  const timer = setTimeout(() => stream.destroy(), limitMs);
  timer.unref();
  stream.once('close', () => {
    clearTimeout(timer);
  });
}
