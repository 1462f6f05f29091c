import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { SETTINGS, type Settings } from '../config/index.js';
import { type Exchange, getRemarks, getRoute, getStatus } from '../http/exchange/index.js';
import { getExchanges } from './http-exchanges.js';
import { isProbe } from './probes.js';

/** Maximum length of the logged path of a request without a route, in characters. */
const PATH_MAX_LENGTH = 200;

/** Logs one line per request, after the response is sent. */
@Injectable()
export class RequestLog implements OnModuleInit {
  private readonly logger = new Logger('Http');

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    if (!this.settings.telemetry.logRequests) return;
    getExchanges(this.host)?.onEnd((exchange) => {
      const level = isProbe(exchange) && getStatus(exchange) === 200 ? 'debug' : 'log';
      // Evaluated only if the level is enabled.
      this.logger[level](() => collectFacts(exchange));
    });
  }
}

/** Excludes headers, bodies and the query: they may contain confidential data. */
function collectFacts(exchange: Exchange): Record<string, unknown> {
  const { request, raw, startedAt } = exchange;
  const route = getRoute(exchange);
  return {
    message: 'request',
    request_id: request?.id,
    method: raw.method,
    ...(route === null ? { path: raw.url?.split('?', 1)[0]?.slice(0, PATH_MAX_LENGTH) } : { route }),
    status: getStatus(exchange) ?? 'aborted',
    duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    caller: request?.caller?.name,
    agent_type: getAgentType(request?.params),
    ...getRemarks(raw),
  };
}

/** Returns the agent type. Paths of the old backend name the parameter `ai_type`. */
function getAgentType(params: unknown): string | undefined {
  const { agent_type, ai_type } = (params ?? {}) as { agent_type?: string; ai_type?: string };
  return agent_type ?? ai_type;
}
