import { startOurService } from '../our-service.js';
import { HttpClient, type HttpRequest } from './http-client.js';
import type { Ledger } from './ledger.js';
import { agentInTheMiddle, cursorInTheMiddle } from './middle.js';
import { type Request, RESULT } from './requests.js';

/** The service on a ledger. */
export interface ServedLedger {
  events: number;
  /** Carries a request out and says how long that took, in milliseconds. */
  time: (request: Request) => Promise<number>;
  stop: () => Promise<void>;
}

/** @param requests those that will be asked for */
export async function serveLedger(
  { database, size, period }: Ledger,
  requests: readonly Request[],
): Promise<ServedLedger> {
  const service = await startOurService(database, { prepared: true, profile: undefined });
  const client = new HttpClient(service.url);
  const stop = async () => {
    client.close();
    await service.stop();
  };
  try {
    const values = {
      agent: await agentInTheMiddle(database),
      begin: period.begin.toISOString(),
      end: period.end.toISOString(),
      // Takes many requests, so it is only looked for when it is asked for.
      cursor: requests.some(hasCursor) ? await cursorInTheMiddle(client, size.agents) : '',
    };
    const time = async (request: Request) => {
      const ready = filledIn(request, values);
      const start = performance.now();
      await client.send(ready);
      return performance.now() - start;
    };
    return { events: size.events, time, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hasCursor(request: Request): boolean {
  return request.includes('{cursor}');
}

function filledIn(request: Request, values: Record<string, string>): HttpRequest {
  const [method = '', path = ''] = request
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
    .split(' ');
  return { method, path, ...(method === 'POST' && { body: RESULT }) };
}
