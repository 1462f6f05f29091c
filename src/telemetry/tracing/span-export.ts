import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { getErrorMessage } from '../../common/index.js';
import { SETTINGS, type Settings } from '../../config/index.js';
import { RELEASE } from '../release.js';
import { ReportingExporter } from './reporting-exporter.js';

/** Timeouts of an export, and of the last export at shutdown. */
const EXPORT_TIMEOUT_MS = 5_000;
const LAST_EXPORT_TIMEOUT_MS = 2_000;

/** Creates spans and sends them to the collector in batches. An unavailable collector does not affect the service. */
@Injectable()
export class SpanExport implements OnApplicationShutdown {
  readonly tracer: Tracer;
  private readonly logger = new Logger('Tracing');
  private readonly provider: TracerProvider;

  constructor(@Inject(SETTINGS) { telemetry: { traces } }: Settings) {
    if (traces === null) throw new Error('tracing is not enabled');
    const url = `${traces.endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': traces.serviceName, 'service.version': RELEASE }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(traces.sampled) }),
      // The queue holds 2,048 spans; further spans are dropped.
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new ReportingExporter(exporter, this.logger),
          exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        }),
      ],
    });
    this.tracer = this.provider.getTracer('lvlup-agent-metrics', RELEASE);
  }

  /** Sends the remaining spans, within LAST_EXPORT_TIMEOUT_MS. */
  async onApplicationShutdown(): Promise<void> {
    try {
      await Promise.race([this.provider.shutdown(), sleep(LAST_EXPORT_TIMEOUT_MS, undefined, { ref: false })]);
    } catch (error) {
      this.logger.warn(`The last spans were lost: ${getErrorMessage(error)}`);
    }
  }
}
