import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Where Swagger UI is; its JSON is at `<path>-json`. */
export const DOCS_PATH = 'docs';

/** Describes the API, from the decorators and docblocks of controllers and DTOs. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('LVL_UP Agent Metrics')
    .setDescription(
      'Keeps score for AI agents: learning, XP, levels and custody tests. Every change is recorded exactly once, in a ' +
        'ledger that every number can be re-derived from.\n\n' +
        'Times are ISO 8601 in UTC, rates are ratios 0–1, durations are seconds. A 2xx follows the COMMIT. Errors are ' +
        'problem documents (RFC 9457); a 4xx names the field and has changed nothing. ' +
        'Where a rate limit is set, every answer has `RateLimit-Policy` and `RateLimit`; more than that is a 429.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/')
    .addTag('All agents', 'Overview and ranking')
    .addTag('Agents', 'One agent, or many at once')
    .addTag('Analytics', 'Sums over all agents, and how tests came out by kind, hour and day')
    .addTag('Custody', 'What an agent may do while it keeps passing tests, and when it is to be tested')
    .addTag('Custody, old backend', 'Paths that keep working for clients of the old backend; each names its successor')
    .addTag('Health', 'For orchestrators and load balancers')
    .build();
  return {
    ...SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method }),
    security: [],
  };
}

/** Serves Swagger UI and the OpenAPI document. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup(DOCS_PATH, app, () => openApiDocument(app), {
    customSiteTitle: 'LVL_UP Agent Metrics',
    // Swagger UI would send the document's address to a validator on the web.
    swaggerOptions: { validatorUrl: null },
  });
}
