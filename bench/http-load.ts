import autocannon from 'autocannon';
import { RAMP_SECONDS, type Sample, sampleOf } from './sample.js';

/** How often autocannon looks whether all connections have finished. */
const END_POLL_MS = 100;
/** How long the last requests may take before they are cut off. */
const LAST_ANSWERS_SECONDS = 30;

/**
 * Member of the client that @types/autocannon lacks: the number of requests after whose responses it stops, as set by
 * autocannon's option `maxConnectionRequests`.
 */
interface StoppableClient {
  responseMax: number;
}

/**
 * Sends requests over as many connections as there are lists, each connection its own list again and again, one request
 * at a time. At the end every connection waits for its last answer: what was acknowledged is what the service did.
 */
export async function loadOverHttp(
  url: string,
  requestsByConnection: readonly autocannon.Request[][],
  seconds: number,
): Promise<Sample> {
  const lists = requestsByConnection.values();
  const latencies: number[] = [];
  let acknowledged = 0;
  let refused = 0;
  const lost = await new Promise<number>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections: requestsByConnection.length,
        duration: RAMP_SECONDS + seconds + LAST_ANSWERS_SECONDS,
        sampleInt: END_POLL_MS,
        setupClient: (client) => {
          client.setRequests(lists.next().value ?? []);
        },
      },
      (error: Error | null, { errors }) => {
        if (error) reject(error);
        else resolve(errors);
      },
    );
    const start = performance.now() + RAMP_SECONDS * 1_000;
    const end = start + seconds * 1_000;
    run.on('response', (client, statusCode, _bytes, latency) => {
      const now = performance.now();
      const succeeded = statusCode >= 200 && statusCode < 300;
      if (succeeded) acknowledged++;
      else refused++;
      if (now >= end) (client as unknown as StoppableClient).responseMax = 1;
      else if (now >= start && succeeded) latencies.push(latency);
    });
  });
  return sampleOf(latencies, seconds, { acknowledged, refused, lost });
}
