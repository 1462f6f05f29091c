import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import type { HostApp } from '../../support/host-app.js';
import { type BothPlatforms, startBothPlatforms } from './both-platforms.js';

const PREFIXES = ['api', 'internal/scores', ''];

let both: BothPlatforms;
beforeAll(async () => {
  both = await startBothPlatforms({
    policy: 'open',
    prefixes: PREFIXES,
    configure: (app) => {
      app.setGlobalPrefix('v1');
    },
  });
});
afterAll(() => both.close());

const document = ({ app }: HostApp): OpenAPIObject => SwaggerModule.createDocument(app, new DocumentBuilder().build());

function operationsOf({ paths }: OpenAPIObject): Map<string, string> {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { operationId: string }>).map(
      ([method, { operationId }]) => [`${method} ${path}`, operationId] as const,
    ),
  );
  return new Map(operations);
}

describe.each(PREFIXES)('a module under the prefix "%s"', (prefix) => {
  const root = prefix === '' ? '/v1' : `/v1/${prefix}`;

  it('serves its routes there, with the same checks', async () => {
    const path = `${root}/agent-metrics/${prefix.replace('/', '-')}agent/custody-test`;
    expect((await both.send('POST', path, createCustodyTest())).status).toBe(200);
    for (const [status, body, headers] of [
      [400, { ...createCustodyTest(), extra: 1 }, {}],
      [403, createCustodyTest(), { origin: 'https://evil.example' }],
      [412, createCustodyTest(), { 'if-match': '"99"' }],
    ] as const) {
      const response = await both.send('POST', path, body, headers);
      expect([response.status, JSON.parse(response.text)]).toEqual([
        status,
        expect.objectContaining({ instance: path }),
      ]);
    }
    expect((await both.send('GET', `${root}/custody/agents`)).status).toBe(200);
  });

  it('names the successors of the old routes there', async () => {
    const link = async (path: string) => (await both.send('GET', `${root}${path}`)).headers.get('link');
    expect(await link('/custody')).toBe(`<${root}/custody/agents>; rel="successor-version"`);
    expect(await link('/custody/eligibility/no%20body')).toBe(
      `<${root}/custody/agents/no%20body/eligibility>; rel="successor-version"`,
    );
  });

  it('is documented there', () => {
    for (const host of both.hosts) {
      const { paths } = document(host);
      const { requestBody, parameters, responses, tags } =
        paths[`${root}/agent-metrics/{agent_type}/custody-test`]?.post ?? {};
      expect(requestBody).toMatchObject({
        content: { 'application/json': { schema: { $ref: '#/components/schemas/CustodyTestDto' } } },
      });
      expect(parameters).toHaveLength(4);
      expect(Object.keys(responses ?? {})).toEqual(expect.arrayContaining(['200', '412', '422']));
      expect(tags).toEqual(['Agents']);
    }
  });
});

describe('the operation ids', () => {
  it('are unique, and of the same routes for each prefix', () => {
    for (const host of both.hosts) {
      const ids = [...operationsOf(document(host)).values()];
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length % PREFIXES.length).toBe(0);
    }
  });

  it('are those of the classes for the default prefix', () => {
    for (const host of both.hosts) {
      const operations = operationsOf(document(host));
      const ids = PREFIXES.map((prefix) =>
        operations.get(`get ${['/v1', prefix, 'agent-metrics'].filter(Boolean).join('/')}`),
      );
      expect(ids).toEqual([
        'AllAgentsController_overview',
        'InternalScoresAllAgentsController_overview',
        'RootAllAgentsController_overview',
      ]);
    }
  });
});
