import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { attemptChannel, endpointsChannel } from '../../common/index.js';
import { Subscriptions } from '../subscriptions.js';
import { MetricRegistry } from './metric-registry.js';

const OUTCOMES = ['delivered', 'failed'] as const;
const STATES = ['enabled', 'retrying', 'disabled'] as const;

/** Metrics of webhooks. */
@Injectable()
export class WebhookMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly subscriptions = new Subscriptions();
  private readonly endpoints: Gauge<'state'>;
  private readonly attempts: Counter<'outcome'>;

  constructor(registry: MetricRegistry) {
    const registers = [registry];
    this.endpoints = new Gauge({
      name: 'lvlup_webhook_endpoints',
      help: 'Webhook endpoints, by state: enabled, retrying or disabled.',
      labelNames: ['state'],
      // Each worker counts all endpoints.
      aggregator: 'max',
      registers,
    });
    this.attempts = new Counter({
      name: 'lvlup_webhook_attempts_total',
      help: 'Attempts of this instance to deliver a webhook message, by outcome: delivered or failed.',
      labelNames: ['outcome'],
      registers,
    });
  }

  onModuleInit(): void {
    for (const outcome of OUTCOMES) this.attempts.inc({ outcome }, 0);
    for (const state of STATES) this.endpoints.set({ state }, 0);
    this.subscriptions.to(endpointsChannel, (counts) => {
      for (const state of STATES) this.endpoints.set({ state }, counts[state]);
    });
    this.subscriptions.to(attemptChannel, ({ delivered }) => {
      this.attempts.inc({ outcome: delivered ? 'delivered' : 'failed' });
    });
  }

  onApplicationShutdown(): void {
    this.subscriptions.end();
  }
}
