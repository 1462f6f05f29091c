import type { IncomingMessage } from 'node:http';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AgentMetricsService, type BatchOptions } from '../agent-metrics/index.js';
import { AgentAccess, DomainError, shuttingDown } from '../common/index.js';
import { SETTINGS, type Settings } from '../config/index.js';
import {
  type EvaluationFile,
  EvaluationFileError,
  type EvaluationFormat,
  ingestFile,
  type IngestOptions,
  type IngestReport,
  recognizeFile,
  removeStaleCopies,
  withRetries,
} from '../ingest/index.js';
import { disconnected, fileInvalid, tooManyIngests } from './errors.js';
import { receiveFile } from './receive-file.js';
import { serviceRecorder } from './service-recorder.js';

/** Maximum number of concurrent ingests. Each has a temporary file. */
export const MAX_INGESTS = 2;
/** Attempts to record a batch while the service is overloaded. */
const ATTEMPTS = 4;
const MAX_DELAY_MS = 5_000;

/** An ingest of one file. */
export interface IngestRequest {
  /** Body: the file. */
  body: IncomingMessage;
  /** Name of the file. Undefined: that in the form, or none. */
  name: string | undefined;
  /** Undefined: by the content. */
  format: EvaluationFormat | undefined;
  isDryRun: boolean;
  options: IngestOptions;
  caller: Pick<BatchOptions, 'actor' | 'access'>;
}

/** Ingests the bodies of requests, and limits their number. */
@Injectable()
export class IngestService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IngestService.name);
  private readonly maxBytes: number;
  private running = 0;
  private closing = false;

  constructor(
    private readonly service: AgentMetricsService,
    @Inject(SETTINGS) { ingestMaxBytes }: Settings,
  ) {
    this.maxBytes = ingestMaxBytes;
  }

  /** Deletes the temporary files of processes that were killed. */
  async onApplicationBootstrap(): Promise<void> {
    const removed = await removeStaleCopies();
    if (removed > 0) this.logger.log(`Temporary files of ended processes were deleted: ${removed}`);
  }

  /**
   * Receives a file and records its cases. Stops if the client disconnects: recorded cases are kept.
   *
   * @throws DomainError `evaluation_file_invalid`, `payload_too_large`, `overloaded`, `shutting_down` or another error of
   *   recording. Cases may have been recorded before an error that is temporary; repeating the request adds the others.
   */
  async ingest(request: IngestRequest): Promise<IngestReport> {
    if (this.closing) throw shuttingDown();
    if (this.running >= MAX_INGESTS) throw tooManyIngests(MAX_INGESTS);
    this.running += 1;
    try {
      const file = await receiveFile(request.body, request.name, this.maxBytes);
      try {
        return await withoutIdleTimeout(request.body, () => this.read(file, request));
      } finally {
        await file.dispose();
      }
    } catch (error) {
      throw error instanceof EvaluationFileError ? fileInvalid(error) : error;
    } finally {
      this.running -= 1;
    }
  }

  /** Ends running ingests before the connections to the database are closed. */
  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  private async read(file: EvaluationFile, request: IngestRequest): Promise<IngestReport> {
    const { body, format, isDryRun, options, caller } = request;
    const assertContinued = (): void => {
      if (this.closing) throw shuttingDown();
      if (body.socket.destroyed) throw disconnected();
    };
    const recorder = withRetries(serviceRecorder(this.service, caller), {
      attempts: ATTEMPTS,
      maxDelayMs: MAX_DELAY_MS,
      onRetry: assertContinued,
    });
    return ingestFile(await recognizeFile(file, format), isDryRun ? null : recorder, {
      ...options,
      refuseAgent: explainRefusal(caller.access ?? AgentAccess.ALL),
      onCases: assertContinued,
    });
  }
}

function explainRefusal(access: AgentAccess): (agentType: string) => string | null {
  return (agentType) => {
    try {
      access.assertMayAccess(agentType);
      return null;
    } catch (error) {
      if (error instanceof DomainError) return error.message;
      throw error;
    }
  };
}

/** While the cases are recorded, the connection is idle. */
async function withoutIdleTimeout<T>({ socket }: IncomingMessage, work: () => Promise<T>): Promise<T> {
  const { timeout = 0 } = socket;
  socket.setTimeout(0);
  try {
    return await work();
  } finally {
    socket.setTimeout(timeout);
  }
}
