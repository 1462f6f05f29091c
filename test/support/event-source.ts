import { get, type IncomingMessage } from 'node:http';

/** A message of a stream of server-sent events. */
export interface Message {
  id: string | undefined;
  event: string | undefined;
  data: string | undefined;
  comment: string | undefined;
}

/** A client of server-sent events. */
export interface EventSource {
  status: number;
  headers: Headers;
  /** All messages so far, comments included. */
  messages: Message[];
  /** Id of the last message that had one. */
  lastId(): string | undefined;
  /** The events so far: the data of the messages with an event. */
  events<T>(): T[];
  /** Waits until a condition holds, or the stream ends; fails after the time. */
  until(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Whether the stream has ended without an error. */
  hasEnded(): boolean;
  /** Disconnects. */
  close(): void;
}

/** Connects. The body of a response other than 200 is not read. */
export async function openEventSource(url: string, headers: Record<string, string> = {}): Promise<EventSource> {
  // Not fetch, which opens a connection in advance when a response is aborted.
  const request = get(url, { headers, agent: false });
  request.on('error', () => undefined);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  let state: 'open' | 'ended' | 'broken' = 'open';
  const announce = () => {
    for (const wake of [...waiting]) wake();
  };
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      messages.push(...parts.map(parseMessage));
      announce();
    }
  };
  if (response.statusCode === 200) {
    void read()
      .then(() => {
        state = 'ended';
      })
      .catch(() => {
        state = 'broken';
      })
      .finally(announce);
  }
  if (response.statusCode !== 200) response.resume();
  return {
    status: response.statusCode ?? 0,
    headers: new Headers(response.headers as Record<string, string>),
    messages,
    lastId: () => messages.findLast(({ id }) => id !== undefined)?.id,
    events: <T>() =>
      messages.flatMap(({ event, data }) => (event === undefined ? [] : [JSON.parse(data ?? 'null') as T])),
    until: async (condition, limitMs = 10_000) => {
      const deadline = performance.now() + limitMs;
      while (!condition()) {
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`not within ${limitMs} ms; last message: ${JSON.stringify(messages.at(-1))}`);
        if (state !== 'open') throw new Error(`the stream has ${state}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          const wake = () => {
            clearTimeout(timer);
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    hasEnded: () => state === 'ended',
    close: () => {
      request.destroy();
    },
  };
}

function parseMessage(text: string): Message {
  const fields = new Map(
    text.split('\n').map((line) => {
      const end = line.indexOf(': ');
      return [line.slice(0, end), line.slice(end + 2)] as const;
    }),
  );
  return {
    id: fields.get('id'),
    event: fields.get('event'),
    data: fields.get('data'),
    comment: text.startsWith(': ') ? text.slice(2).split('\n')[0] : undefined,
  };
}
