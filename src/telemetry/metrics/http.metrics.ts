import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Counter, Histogram } from 'prom-client';
import { ERROR_STATUS } from '../../http/problems/index.js';
import { type Exchange, getRemarks, getRoute, getStatus } from '../../http/exchange/index.js';
import { getExchanges } from '../http-exchanges.js';
import { DURATION_BUCKETS, secondsSince } from './duration-buckets.js';
import { MetricRegistry } from './metric-registry.js';

/** Methods with a label of their own. All others are counted as `other`, which limits the number of labels. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Metrics of HTTP requests. Label cardinality is bounded: no label contains an agent, a path or other client input. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  private readonly durations: Histogram<'method' | 'route' | 'status'>;
  private readonly results: Counter<'result'>;

  constructor(
    registry: MetricRegistry,
    private readonly host: HttpAdapterHost,
  ) {
    this.durations = new Histogram({
      name: 'lvlup_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its response, by method, route template and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS,
      registers: [registry],
    });
    this.results = new Counter({
      name: 'lvlup_http_results_total',
      help: 'Writes that were recorded or replayed, and refused requests by the code of their problem.',
      labelNames: ['result'],
      registers: [registry],
    });
    // Initialize with 0: otherwise Prometheus does not see the first increase, and alerts miss it.
    for (const result of ['recorded', 'replayed', ...Object.keys(ERROR_STATUS)]) this.results.inc({ result }, 0);
  }

  onModuleInit(): void {
    getExchanges(this.host)?.onEnd((exchange) => {
      this.count(exchange);
    });
  }

  private count(exchange: Exchange): void {
    const { raw, startedAt } = exchange;
    const labels = {
      method: METHODS.includes(raw.method ?? '') ? raw.method : 'other',
      route: getRoute(exchange) ?? 'unmatched',
      status: getStatus(exchange) ?? 'aborted',
    };
    const remarks = getRemarks(raw);
    // A stream lasts as long as its client stays connected.
    if (remarks?.result !== 'feed') {
      this.durations.observe(labels as Record<keyof typeof labels, string>, secondsSince(startedAt));
    }
    if (remarks) this.results.inc({ result: remarks.result });
  }
}
