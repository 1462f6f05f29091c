import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { GroupCommit } from '../../agent-metrics/index.js';
import { appendChannel, roundChannel, transactionChannel } from '../../common/index.js';
import { Subscriptions } from '../subscriptions.js';
import { DURATION_BUCKETS } from './duration-buckets.js';
import { MetricRegistry } from './metric-registry.js';

/** Histogram buckets for the size of a round, up to the maximum. */
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Metrics of the group commit and of events appended to the ledger. */
@Injectable()
export class GroupCommitMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly subscriptions = new Subscriptions();
  private readonly batches: Histogram;
  private readonly waits: Histogram;
  private readonly events: Counter<'type'>;
  /** Types of the events appended in open transactions, by session. */
  private readonly appended = new WeakMap<object, string[]>();

  constructor(registry: MetricRegistry, groupCommit: GroupCommit) {
    const registers = [registry];
    this.batches = new Histogram({
      name: 'lvlup_group_commit_batch_size',
      help: 'Writes per round of the group commit.',
      buckets: BATCH_BUCKETS,
      registers,
    });
    this.waits = new Histogram({
      name: 'lvlup_group_commit_wait_seconds',
      help: 'Time that a write waits until its round begins.',
      buckets: DURATION_BUCKETS,
      registers,
    });
    this.events = new Counter({
      name: 'lvlup_ledger_events_total',
      help: 'Events that were committed to the ledger, by type.',
      labelNames: ['type'],
      registers,
    });
    new Gauge({
      name: 'lvlup_group_commit_queue_length',
      help: 'Writes that wait for the next round.',
      registers,
      collect() {
        this.set(groupCommit.waitingCount);
      },
    });
    new Gauge({
      name: 'lvlup_group_commit_queue_limit',
      help: 'Maximum number of waiting writes (COMMIT_QUEUE_SIZE). Further writes are refused with 503.',
      registers,
    }).set(groupCommit.waitingLimit);
  }

  onModuleInit(): void {
    this.subscriptions.to(roundChannel.start, ({ startedAt, submissions }) => {
      this.batches.observe(submissions.length);
      for (const submission of submissions) this.waits.observe((startedAt - submission.startedAt) / 1_000);
    });
    this.subscriptions.to(appendChannel, ({ session, types }) => {
      this.appended.set(session, [...(this.appended.get(session) ?? []), ...types]);
    });
    this.subscriptions.to(transactionChannel.asyncEnd, ({ session, outcome }) => {
      if (session === null || outcome !== 'committed') return;
      for (const type of this.appended.get(session) ?? []) this.events.inc({ type });
    });
  }

  onApplicationShutdown(): void {
    this.subscriptions.end();
  }
}
