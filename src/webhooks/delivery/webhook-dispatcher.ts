import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { endpointsChannel, getErrorMessage } from '../../common/index.js';
import { AgentStates } from '../messages/agent-states.js';
import {
  claimEndpoints,
  countEndpoints,
  pruneLog,
  releaseEndpoint,
  type WebhookEndpointRecord,
} from '../store/index.js';
import { DeliveryServices } from './delivery-services.js';
import { EndpointRun } from './endpoint-run.js';

/** Time between two looks for endpoints that are due, in milliseconds; and if there are no endpoints, or after a failure. */
const INTERVAL_MS = 500;
const IDLE_INTERVAL_MS = 5_000;
/** Minimum and maximum time after a delivery that was interrupted, such as by a failure of the database. */
const INTERRUPTED_MIN_MS = 5_000;
const INTERRUPTED_MAX_MS = 60_000;
const PRUNE_INTERVAL_MS = 3_600_000;

/** Delivers to all endpoints to which no other instance does. */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Webhooks');
  private readonly instance = randomUUID();
  private readonly stopping = new AbortController();
  private readonly runs = new Map<string, { end: AbortController; ended: Promise<void> }>();
  /** Number of consecutive interruptions of the delivery to each endpoint. */
  private readonly interruptions = new Map<string, number>();
  private wakeUp = new AbortController();
  private loop: Promise<void> | null = null;
  private hasFailed = false;
  private prunedAt = performance.now();

  constructor(private readonly services: DeliveryServices) {}

  onApplicationBootstrap(): void {
    if (this.services.settings.deliver) this.loop = this.dispatch();
  }

  /** Ends the deliveries. Messages that are being sent are completed. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    await Promise.all([...this.runs.values()].map(({ ended }) => ended));
  }

  /** Applies a change of an endpoint at once. Other processes apply it when they next save their progress. */
  restart(endpointId: string): void {
    this.runs.get(endpointId)?.end.abort();
    this.wake();
  }

  private wake(): void {
    this.wakeUp.abort();
  }

  private hasStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async dispatch(): Promise<void> {
    while (!this.hasStopped()) {
      this.wakeUp = new AbortController();
      const hasEndpoints = await this.claim();
      if (this.hasStopped()) return;
      const interval = hasEndpoints ? INTERVAL_MS : IDLE_INTERVAL_MS;
      await sleep(interval, null, { signal: this.wakeUp.signal }).catch(() => undefined);
    }
  }

  /** Returns whether there are endpoints to deliver to. */
  private async claim(): Promise<boolean> {
    const { transactions } = this.services;
    try {
      const counts = await transactions.read(countEndpoints);
      endpointsChannel.publish(counts);
      this.hasFailed = false;
      if (counts.enabled + counts.retrying === 0) return false;
      const claimedAt = performance.now();
      const claimed = await transactions.run((session) =>
        claimEndpoints(session, this.instance, [...this.runs.keys()]),
      );
      for (const endpoint of claimed) {
        const end = new AbortController();
        const signal = AbortSignal.any([end.signal, this.stopping.signal]);
        this.runs.set(endpoint.id, { end, ended: this.deliver(endpoint, signal, claimedAt) });
      }
      await this.prune();
      return true;
    } catch (error) {
      if (!this.hasFailed) this.logger.warn(`Webhooks wait for the database: ${getErrorMessage(error)}`);
      this.hasFailed = true;
      return false;
    }
  }

  /** Never throws. */
  private async deliver(endpoint: WebhookEndpointRecord, signal: AbortSignal, claimedAt: number): Promise<void> {
    const { transactions, past } = this.services;
    const states = new AgentStates(past, transactions);
    try {
      await new EndpointRun(endpoint, states, this.services, this.instance, signal, claimedAt).follow();
      this.interruptions.delete(endpoint.id);
    } catch (error) {
      if (!signal.aborted) await this.pause(endpoint.id, error, performance.now() - claimedAt, signal);
    }
    await transactions
      .run((session) => releaseEndpoint(session, endpoint.id, this.instance))
      .catch((error: unknown) => {
        this.logger.debug(`The lease of endpoint ${endpoint.id} ends by itself: ${getErrorMessage(error)}`);
      });
    this.runs.delete(endpoint.id);
    if (!this.hasStopped()) this.wake();
  }

  /** Waits longer after each interruption, and logs the first one only. */
  private async pause(endpointId: string, error: unknown, lastedMs: number, signal: AbortSignal): Promise<void> {
    const earlier = lastedMs > INTERRUPTED_MAX_MS ? 0 : (this.interruptions.get(endpointId) ?? 0);
    this.interruptions.set(endpointId, earlier + 1);
    const text = `The delivery to endpoint ${endpointId} was interrupted: ${getErrorMessage(error)}`;
    if (earlier === 0) this.logger.warn(text);
    else this.logger.debug(text);
    const waitMs = Math.min(INTERRUPTED_MIN_MS * 2 ** earlier, INTERRUPTED_MAX_MS);
    await sleep(waitMs, null, { signal }).catch(() => undefined);
  }

  private async prune(): Promise<void> {
    if (performance.now() - this.prunedAt < PRUNE_INTERVAL_MS) return;
    this.prunedAt = performance.now();
    await this.services.transactions.run(pruneLog);
  }
}
