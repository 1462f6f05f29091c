import { AgentMetricsService } from '../../agent-metrics/index.js';
import { migrate } from '../../database/schema/index.js';
import { serviceRecorder } from '../../ingest-api/index.js';
import { type ResultRecorder, withRetries } from '../../ingest/index.js';
import { openService } from '../remote/open-service.js';
import { runInSession } from '../session.js';
import { withServices } from '../with-services.js';
import { remoteRecorder } from './remote-recorder.js';

/** Attempts to record a batch: about two minutes, unless the service asks for more. */
const ATTEMPTS = 8;
const MAX_DELAY_MS = 60_000;

/** Where results are recorded. */
export interface Destination {
  /** URL of a remote service; undefined: the database. */
  url?: string | undefined;
  /** Maximum time for a response of the remote service, in seconds. */
  timeout: number;
}

/**
 * Runs work with a recorder: of a remote service, or of the database, whose tables are created if they do not exist.
 *
 * @param note receives messages
 */
export async function withRecorder<T>(
  { url, timeout }: Destination,
  note: (message: string) => void,
  work: (recorder: ResultRecorder) => Promise<T>,
): Promise<T> {
  const limits = {
    attempts: ATTEMPTS,
    maxDelayMs: MAX_DELAY_MS,
    onRetry: (reason: string, delayMs: number) => {
      note(`${reason} Trying again in ${delayMs / 1_000} s.`);
    },
  };
  if (url !== undefined) return work(withRetries(remoteRecorder(openService(url, timeout, note)), limits));
  return runInSession(note, async (session) => {
    await migrate(session.server.direct);
    return withServices(session, (services) => {
      const service = services.get(AgentMetricsService, { strict: false });
      return work(withRetries(serviceRecorder(service), limits));
    });
  });
}
