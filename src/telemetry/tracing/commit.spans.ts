import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import { type ObservedRound, type ObservedSubmission, roundChannel, submissionChannel } from '../../common/index.js';
import { Subscriptions } from '../subscriptions.js';
import { getContext, CurrentSpan } from './current-span.js';
import { SpanExport } from './span-export.js';

/**
 * Spans of the group commit: one per queued write, a child of its request, and one per round. A round belongs to the
 * trace of its first write; it and the other writes link to each other.
 */
@Injectable()
export class CommitSpans implements OnModuleInit, OnApplicationShutdown {
  private readonly subscriptions = new Subscriptions();
  private readonly submissions = new WeakMap<ObservedSubmission, Span>();
  private readonly rounds = new WeakMap<ObservedRound, Span>();

  constructor(
    private readonly current: CurrentSpan,
    private readonly spanExport: SpanExport,
  ) {}

  onModuleInit(): void {
    this.subscriptions.to(submissionChannel.start, (submission) => {
      const parent = this.current.context();
      if (parent) this.submissions.set(submission, this.spanExport.tracer.startSpan('group commit', {}, parent));
    });
    this.subscriptions.to(submissionChannel.asyncEnd, (submission) => this.submissions.get(submission)?.end());
    this.subscriptions.within(roundChannel.start, this.current.store, (round) => this.start(round));
    this.subscriptions.to(roundChannel.asyncEnd, (round) => this.rounds.get(round)?.end());
  }

  onApplicationShutdown(): void {
    this.subscriptions.end();
  }

  private start(round: ObservedRound): Span | undefined {
    const [first, ...others] = round.submissions.flatMap((submission) => this.submissions.get(submission) ?? []);
    const parent = getContext(first);
    if (!parent) return undefined;
    const span = this.spanExport.tracer.startSpan(
      'round',
      {
        attributes: { 'lvlup.round.writes': round.submissions.length },
        links: others.map((other) => ({ context: other.spanContext() })),
      },
      parent,
    );
    for (const other of others) other.addLink({ context: span.spanContext() });
    this.rounds.set(round, span);
    return span;
  }
}
