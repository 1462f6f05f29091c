import { tracingChannel } from 'node:diagnostics_channel';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { defaultTextMapGetter, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyRequest } from 'fastify';
import { type Exchange, getRemarks, getRoute, getStatus } from '../../http/exchange/index.js';
import { getExchanges } from '../http-exchanges.js';
import { isProbe } from '../probes.js';
import { Subscriptions } from '../subscriptions.js';
import { CurrentSpan } from './current-span.js';
import { SpanExport } from './span-export.js';

/** Channel of Fastify's request handlers, which include the processing in Nest. */
const handlerChannel = tracingChannel<unknown, { request: FastifyRequest }>('fastify.request.handler');

/** One span per request, a child of the span in its `traceparent` header. */
@Injectable()
export class RequestSpans implements OnModuleInit, OnApplicationShutdown {
  private readonly subscriptions = new Subscriptions();
  private readonly traceContext = new W3CTraceContextPropagator();
  private readonly spans = new WeakMap<Exchange, Span>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly current: CurrentSpan,
    private readonly spanExport: SpanExport,
  ) {}

  onModuleInit(): void {
    const exchanges = getExchanges(this.host);
    if (!exchanges) return;
    this.subscriptions.within(handlerChannel.start, this.current.store, ({ request }) => {
      const exchange = exchanges.find(request);
      return exchange && !isProbe(exchange) ? this.start(exchange) : undefined;
    });
    exchanges.onEnd((exchange) => {
      // Requests that are refused before they reach a handler have no span yet.
      if (!isProbe(exchange)) finish(this.spans.get(exchange) ?? this.start(exchange), exchange);
    });
  }

  onApplicationShutdown(): void {
    this.subscriptions.end();
  }

  private start(exchange: Exchange): Span {
    const { raw, startedAt } = exchange;
    const route = getRoute(exchange);
    const method = raw.method ?? '';
    const parent = this.traceContext.extract(ROOT_CONTEXT, raw.headers, defaultTextMapGetter);
    const attributes = { 'http.request.method': method, ...(route !== null && { 'http.route': route }) };
    const span = this.spanExport.tracer.startSpan(
      route === null ? method : `${method} ${route}`,
      { kind: SpanKind.SERVER, startTime: startedAt, attributes },
      parent,
    );
    this.spans.set(exchange, span);
    return span;
  }
}

function finish(span: Span, exchange: Exchange): void {
  const status = getStatus(exchange);
  const { raw, request } = exchange;
  if (request) span.setAttribute('lvlup.request_id', request.id);
  for (const [fact, value] of Object.entries(getRemarks(raw) ?? {})) {
    if (value !== undefined) span.setAttribute(`lvlup.${fact}`, value);
  }
  if (status !== null) span.setAttribute('http.response.status_code', status);
  if (status === null || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(performance.now());
}
