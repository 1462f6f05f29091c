import { Module } from '@nestjs/common';
import { CommitSpans } from './commit.spans.js';
import { CurrentSpan } from './current-span.js';
import { DatabaseSpans } from './database.spans.js';
import { RequestSpans } from './request.spans.js';
import { SpanExport } from './span-export.js';

/** OpenTelemetry traces. Import only if traces are enabled, so that the packages (27 MB) are not loaded otherwise. */
@Module({ providers: [SpanExport, CurrentSpan, RequestSpans, CommitSpans, DatabaseSpans] })
export class TracingModule {}
