import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** Path of Swagger UI. The OpenAPI document is at `<path>-json`. */
export const DOCS_PATH = 'docs';
/** Names of the security schemes in the document. */
const BEARER = 'bearer';
const API_KEY = 'apiKey';
/** Operation ids, where the name of the controller's method is ambiguous outside of its controller. */
const OPERATION_IDS: Partial<Record<string, string>> = {
  export: 'exportAgents',
  live: 'getLiveness',
  ready: 'getReadiness',
  overview: 'getOverview',
  leaderboard: 'getLeaderboard',
  analytics: 'getAnalyticsSummary',
  trends: 'getTrends',
  agentAnalytics: 'getAgentAnalytics',
  agentTrends: 'getAgentTrends',
  compare: 'compareTestResults',
  events: 'listAgentEvents',
  event: 'getAgentEvent',
  bulkUpdate: 'updateManyAgents',
  get: 'getAgentMetrics',
  put: 'putAgentMetrics',
  getCustody: 'getAgentCustodyMetrics',
  reset: 'resetAgentMetrics',
  voidEvent: 'voidAgentEvent',
  testCategories: 'getTestCategories',
  standings: 'listCustodyStandings',
  standing: 'getCustodyStanding',
  eligibility: 'getCustodyEligibility',
  difficulty: 'getCustodyDifficulty',
  schedule: 'getCustodySchedule',
  recommendations: 'getCustodyRecommendations',
  metrics: 'getServiceMetrics',
};
const DOCS_ROUTE = new RegExp(`^/${DOCS_PATH}($|[-/])`);

/** Builds the OpenAPI document from the decorators and docblocks of controllers and DTOs. */
export function buildOpenApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('LVL_UP Agent Metrics')
    .setDescription(
      'Keeps score for AI agents: learning, XP, levels and custody tests. Every change is recorded exactly once in a ' +
        'ledger, from which every number can be recomputed.\n\n' +
        'Times are ISO 8601 in UTC, rates are ratios 0–1, durations are seconds. A 2xx is sent after the COMMIT. Errors ' +
        'are problem documents (RFC 9457). A 4xx changes nothing, and names invalid fields.\n\n' +
        'As soon as a key exists, requests require one: `Authorization: Bearer …` or `X-API-Key: …`. Reads require the ' +
        'scope `read`, writes `write`, renaming, merging, erasing, resetting, voiding, bulk updates, webhooks and keys `admin`; each ' +
        'scope includes the previous ones. A key or token that is limited to some agents gets 403 `agent_forbidden` for others, and sees only its agents in lists, sums and ranks. If a rate ' +
        'limit is set, every response has `RateLimit-Policy` and `RateLimit`; requests beyond it get a 429.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addBearerAuth({ type: 'http', description: 'An API key, or a token of the configured issuer' }, BEARER)
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key' }, API_KEY)
    .addTag('All agents', 'Overview and ranking')
    .addTag('Agents', 'One agent, or a bulk update')
    .addTag('Analytics', 'Sums over all agents, and test results by kind, hour and day')
    .addTag('Custody', 'Gates, difficulty and test schedule of agents')
    .addTag('Custody, old backend', 'Deprecated paths for clients of the old backend; each names its successor')
    .addTag('Webhooks', 'Messages to endpoints, according to Standard Webhooks')
    .addTag('API keys', 'Keys of the service, for admins')
    .addTag('Health', 'For orchestrators and load balancers')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => OPERATION_IDS[method] ?? method,
  });
  removeRedundantNullable(document);
  return {
    ...document,
    // Either scheme is sufficient.
    security: [{ [BEARER]: [] }, { [API_KEY]: [] }],
  };
}

/** Removes the `nullable` that the compiler plugin adds next to `oneOf`, whose alternatives include null. */
function removeRedundantNullable({ components }: OpenAPIObject): void {
  for (const schema of Object.values(components?.schemas ?? {})) {
    if (!('properties' in schema)) continue;
    for (const property of Object.values(schema.properties ?? {})) {
      if (!('oneOf' in property)) continue;
      delete property.nullable;
      delete property.additionalProperties;
    }
  }
}

/** Serves Swagger UI and the OpenAPI document, without a key. */
export function serveDocs(app: NestFastifyApplication): void {
  makeDocsPublic(app.getHttpAdapter().getInstance());
  SwaggerModule.setup(DOCS_PATH, app, () => buildOpenApiDocument(app), {
    customSiteTitle: 'LVL_UP Agent Metrics',
    // By default, Swagger UI sends the document's URL to an external validator.
    swaggerOptions: { validatorUrl: null, persistAuthorization: true },
  });
}

/** Marks the routes as public. They belong to no controller, so that no decorator can do it. */
function makeDocsPublic(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (DOCS_ROUTE.test(route.url)) route.config = { ...route.config, access: 'public' };
  });
}
