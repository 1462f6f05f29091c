import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** Where Swagger UI is; its JSON is at `<path>-json`. */
export const DOCS_PATH = 'docs';
/** Names of the two ways to show a key, within the document. */
const BEARER = 'bearer';
const API_KEY = 'apiKey';
/** What clients that are generated call their functions, where the method's name tells too little outside of its controller. */
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
  bulkUpdate: 'updateManyAgents',
  get: 'getAgentMetrics',
  put: 'putAgentMetrics',
  getCustody: 'getAgentCustodyMetrics',
  reset: 'resetAgentMetrics',
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

/** Describes the API, from the decorators and docblocks of controllers and DTOs. */
export function buildOpenApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('LVL_UP Agent Metrics')
    .setDescription(
      'Keeps score for AI agents: learning, XP, levels and custody tests. Every change is recorded exactly once, in a ' +
        'ledger that every number can be re-derived from.\n\n' +
        'Times are ISO 8601 in UTC, rates are ratios 0–1, durations are seconds. A 2xx follows the COMMIT. Errors are ' +
        'problem documents (RFC 9457); a 4xx names the field and has changed nothing.\n\n' +
        'As soon as a key exists, requests need one: `Authorization: Bearer …` or `X-API-Key: …`. Reading takes the scope ' +
        '`read`, writing `write`, and what concerns many agents or takes numbers away `admin`; each includes those before ' +
        'it. Where a rate limit is set, every answer has `RateLimit-Policy` and `RateLimit`; more than that is a 429.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addBearerAuth(
      { type: 'http', description: 'An API key, or a token of the issuer that the service trusts' },
      BEARER,
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key' }, API_KEY)
    .addTag('All agents', 'Overview and ranking')
    .addTag('Agents', 'One agent, or many at once')
    .addTag('Analytics', 'Sums over all agents, and how tests came out by kind, hour and day')
    .addTag('Custody', 'What an agent may do while it keeps passing tests, and when it is to be tested')
    .addTag('Custody, old backend', 'Paths that keep working for clients of the old backend; each names its successor')
    .addTag('Health', 'For orchestrators and load balancers')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => OPERATION_IDS[method] ?? method,
  });
  removeRedundantNullable(document);
  return {
    ...document,
    // Either of them.
    security: [{ [BEARER]: [] }, { [API_KEY]: [] }],
  };
}

/** Where a property has alternatives, null is one of them; the compiler plugin says so beside them too. */
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

/** Serves Swagger UI and the OpenAPI document, to everyone. */
export function serveDocs(app: NestFastifyApplication): void {
  makeDocsPublic(app.getHttpAdapter().getInstance());
  SwaggerModule.setup(DOCS_PATH, app, () => buildOpenApiDocument(app), {
    customSiteTitle: 'LVL_UP Agent Metrics',
    // Swagger UI would send the document's address to a validator on the web.
    swaggerOptions: { validatorUrl: null, persistAuthorization: true },
  });
}

/** These routes aren't a controller's, and so have no decorator. */
function makeDocsPublic(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (DOCS_ROUTE.test(route.url)) route.config = { ...route.config, access: 'public' };
  });
}
