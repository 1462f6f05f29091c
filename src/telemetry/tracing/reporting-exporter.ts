import type { Logger } from '@nestjs/common';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { getErrorMessage } from '../../common/index.js';

/** Exporter that logs when the collector becomes unavailable or available, not for each failed batch. */
export class ReportingExporter implements SpanExporter {
  private isUnavailable = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      this.report(result);
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }

  private report({ code, error }: ExportResult): void {
    const isUnavailable = code !== ExportResultCode.SUCCESS;
    if (isUnavailable === this.isUnavailable) return;
    this.isUnavailable = isUnavailable;
    if (isUnavailable)
      this.logger.warn(`The collector does not accept spans; spans are lost (${getErrorMessage(error)}).`);
    else this.logger.log('The collector accepts spans again.');
  }
}
