import { Module } from '@nestjs/common';
import { CommitSpans } from './commit.spans.js';
import { CurrentSpan } from './current-span.js';
import { DatabaseSpans } from './database.spans.js';
import { RequestSpans } from './request.spans.js';
import { SpanExport } from './span-export.js';

/** Traces for OpenTelemetry. Nothing may import this but for those who asked for traces: it takes 27 MB of packages. */
@Module({ providers: [SpanExport, CurrentSpan, RequestSpans, CommitSpans, DatabaseSpans] })
export class TracingModule {}
