import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  type ObservedStatement,
  type ObservedTransaction,
  statementChannel,
  transactionChannel,
} from '../../common/index.js';
import { Subscriptions } from '../subscriptions.js';
import { CurrentSpan } from './current-span.js';
import { SpanExport } from './span-export.js';

/** Spans of transactions and statements, children of their request. Work without a request has no span. */
@Injectable()
export class DatabaseSpans implements OnModuleInit, OnApplicationShutdown {
  private readonly subscriptions = new Subscriptions();
  private readonly spans = new WeakMap<ObservedStatement | ObservedTransaction, Span>();

  constructor(
    private readonly current: CurrentSpan,
    private readonly spanExport: SpanExport,
  ) {}

  onModuleInit(): void {
    this.subscriptions.within(transactionChannel.start, this.current.store, (transaction) =>
      this.start(transaction, 'transaction', SpanKind.INTERNAL, { 'lvlup.transaction.attempt': transaction.attempt }),
    );
    this.subscriptions.to(transactionChannel.asyncEnd, (transaction) => {
      this.spans.get(transaction)?.setAttribute('lvlup.transaction.outcome', transaction.outcome);
      this.end(transaction, transaction.outcome !== 'committed');
    });
    this.subscriptions.to(statementChannel.start, (statement) => {
      const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': statement.kind };
      this.start(statement, statement.kind, SpanKind.CLIENT, attributes);
    });
    this.subscriptions.to(statementChannel.asyncEnd, (statement) => {
      this.end(statement, statement.error !== undefined);
    });
  }

  onApplicationShutdown(): void {
    this.subscriptions.end();
  }

  private start(
    work: ObservedStatement | ObservedTransaction,
    name: string,
    kind: SpanKind,
    attributes: Record<string, string | number>,
  ): Span | undefined {
    const parent = this.current.context();
    const span = parent && this.spanExport.tracer.startSpan(name, { kind, attributes }, parent);
    if (span) this.spans.set(work, span);
    return span;
  }

  private end(work: ObservedStatement | ObservedTransaction, failed: boolean): void {
    const span = this.spans.get(work);
    if (failed) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  }
}
