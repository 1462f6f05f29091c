import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AgentTypeParam } from '../../../src/http/parameters/agent-type.param.js';
import { parseDatabaseUrl } from '../../../src/config/database-url.js';
import { CustodyGuard } from '../../../src/custody/custody.guard.js';
import { RequiresCustody } from '../../../src/custody/requires-custody.decorator.js';
import { UseGuards } from '@nestjs/common';
import { createCustodyTest, createFailedCustodyTest } from '../../factories/custody-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import { addressOf, startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, custodyPath } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { type Json, sent } from '../support/read.js';

const HOUR = 3_600_000;
/** Requests that passed the gates. */
const proposals: string[] = [];

/** Routes of another module of the application. */
@Controller('example')
class ProposalsController {
  @Post('agents/:agent_type/proposals')
  @RequiresCustody('propose')
  propose(@AgentTypeParam() agentType: string): { proposed: string } {
    proposals.push(agentType);
    return { proposed: agentType };
  }

  @Post('levels/:name')
  @RequiresCustody('level-up', { agentType: 'name' })
  levelUp(): { levelled: boolean } {
    return { levelled: true };
  }

  @Post('proposals')
  @RequiresCustody('propose', { agentType: ({ body }) => (body as { author?: unknown } | undefined)?.author })
  submit(@Body() body: unknown): unknown {
    return body;
  }

  @Post('later/:agent_type')
  @RequiresCustody('propose', { agentType: async (request: FastifyRequest) => Promise.resolve(paramOf(request)) })
  submitLater(): { proposed: boolean } {
    return { proposed: true };
  }

  @Post('both/:agent_type')
  @RequiresCustody('propose')
  @RequiresCustody('level-up')
  both(): { done: boolean } {
    return { done: true };
  }

  @Get('mistaken/:agent_type')
  @RequiresCustody('propose', { agentType: 'no_such_parameter' })
  mistaken(): string {
    return 'let through';
  }

  @Get('bare/:agent_type')
  @UseGuards(CustodyGuard)
  bare(): string {
    return 'let through';
  }
}

/** A controller with a gate, and a route with another one. */
@Controller('closed/:agent_type')
@RequiresCustody('propose')
class ClosedController {
  @Get()
  plain(): { open: boolean } {
    return { open: true };
  }

  @Get('more')
  @RequiresCustody('level-up')
  more(): { open: boolean } {
    return { open: true };
  }
}

@Module({ controllers: [ProposalsController, ClosedController] })
class ExampleModule {}

function paramOf({ params }: FastifyRequest): string {
  return (params as { agent_type: string }).agent_type;
}

let proxy: TcpProxy;
let app: TestApp;
beforeAll(async () => {
  proxy = await startTcpProxy(addressOf(parseDatabaseUrl(process.env['TEST_SERVER'] ?? '')));
  const via = (connection: Parameters<NonNullable<Parameters<typeof startTestApp>[1]>>[0]) => ({
    ...connection,
    host: '127.0.0.1',
    port: proxy.port,
  });
  app = await startTestApp({}, via, [ExampleModule]);
  // guardian passes both gates, sandbox only `propose`, conquest none.
  const timestamp = TESTED.toISOString();
  for (const xp_awarded of [50, 50, 50]) {
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), createCustodyTest({ timestamp, xp_awarded }));
  }
  await sent(app, 'POST', agentPath('sandbox', 'custody-test'), createCustodyTest({ timestamp }));
});
afterAll(async () => {
  proxy.restore();
  await app.close();
  await proxy.close();
});

const TESTED = new Date(Date.now() - HOUR);
const requirementsOf = ({ body }: { body: unknown }) => (body as { requirements: Json[] }).requirements;
const codesOf = (answer: { body: unknown }) => requirementsOf(answer).map(({ code }) => code);

describe('a route with a gate', () => {
  beforeEach(() => {
    stopClock(app.app, new Date(TESTED.getTime() + HOUR));
  });

  it('allows an agent that meets all requirements', async () => {
    const answer = await app.send('POST', '/example/agents/guardian/proposals');
    expect([answer.status, answer.body]).toEqual([201, { proposed: 'guardian' }]);
    expect(proposals).toEqual(['guardian']);
  });

  it('rejects other agents with 403 and the unmet requirements, and does not run the handler', async () => {
    const path = '/example/agents/conquest/proposals';
    const answer = await app.send('POST', path);
    expectProblem(answer, 'custody_requirements_unmet', path);
    expect(answer.body).toMatchObject({
      detail:
        'The agent "conquest" cannot propose now. Unmet requirements: tests passed; time since a test was last passed.',
    });
    expect(requirementsOf(answer)).toEqual([
      {
        code: 'tests_passed',
        name: 'tests passed',
        comparison: 'at_least',
        required: 1,
        actual: 0,
        unit: 'tests',
        met: false,
        until: null,
      },
      {
        code: 'recent_pass',
        name: 'time since a test was last passed',
        comparison: 'at_most',
        required: 86_400,
        actual: null,
        unit: 'seconds',
        met: false,
        until: null,
      },
    ]);
    expect(proposals).toEqual(['guardian']);
  });

  it('returns the same requirements as the eligibility', async () => {
    stopClock(app.app, new Date(TESTED.getTime() + 25 * HOUR));
    const refused = await app.send('POST', '/example/agents/guardian/proposals');
    const { body } = await sent(app, 'GET', custodyPath('guardian', 'eligibility'));
    const { propose } = (body as { eligibility: { propose: { requirements: Json[] } } }).eligibility;
    expect(requirementsOf(refused)).toEqual(propose.requirements.filter(({ met }) => met === false));
    expect(requirementsOf(refused)).toEqual([
      expect.objectContaining({ code: 'recent_pass', until: new Date(TESTED.getTime() + 24 * HOUR).toISOString() }),
    ]);
  });

  it('closes at the millisecond when a time limit ends', async () => {
    stopClock(app.app, new Date(TESTED.getTime() + 24 * HOUR));
    expect((await app.send('POST', '/example/agents/guardian/proposals')).status).toBe(201);
    stopClock(app.app, new Date(TESTED.getTime() + 24 * HOUR + 1));
    expect((await app.send('POST', '/example/agents/guardian/proposals')).status).toBe(403);
  });

  it('closes with a failed test, and opens with a passed one', async () => {
    const timestamp = TESTED.toISOString();
    const status = async () => (await app.send('POST', '/example/agents/imperium/proposals')).status;
    await sent(app, 'POST', agentPath('imperium', 'custody-test'), createCustodyTest({ timestamp }));
    for (let failures = 1; failures <= 4; failures++) {
      await sent(app, 'POST', agentPath('imperium', 'custody-test'), createFailedCustodyTest({ timestamp }));
      expect(await status()).toBe(failures <= 3 ? 201 : 403);
    }
    await sent(app, 'POST', agentPath('imperium', 'custody-test'), createCustodyTest({ timestamp }));
    expect(await status()).toBe(201);
  });

  it('reads the agent type from a parameter of another name', async () => {
    expect((await app.send('POST', '/example/levels/guardian')).status).toBe(201);
    expect(codesOf(await app.send('POST', '/example/levels/sandbox'))).toEqual(['recent_tests', 'custody_xp']);
  });

  it('reads the agent type with a function of the request', async () => {
    expect((await app.send('POST', '/example/proposals', { author: 'guardian' })).status).toBe(201);
    expect((await app.send('POST', '/example/proposals', { author: 'conquest' })).status).toBe(403);
    expect((await app.send('POST', '/example/later/guardian')).status).toBe(201);
    expect((await app.send('POST', '/example/later/conquest')).status).toBe(403);
  });

  it.each([
    undefined,
    {},
    [],
    { author: null },
    { author: 7 },
    { author: { $ne: 1 } },
    { author: '' },
    { author: 'a\u0000' },
  ])('rejects a request without an agent type: %j', async (body) => {
    const answer = await app.send('POST', '/example/proposals', body);
    expectProblem(answer, 'validation_failed', '/example/proposals', ['agent_type']);
  });

  it('requires all gates of the route', async () => {
    expect((await app.send('POST', '/example/both/guardian')).status).toBe(201);
    expect(codesOf(await app.send('POST', '/example/both/sandbox'))).toContain('custody_xp');
    expect(codesOf(await app.send('POST', '/example/both/conquest'))).toBeDefined();
  });

  it('also requires the gates of the controller', async () => {
    expect((await app.send('GET', '/closed/sandbox')).status).toBe(200);
    expect((await app.send('GET', '/closed/conquest')).status).toBe(403);
    expect((await app.send('GET', '/closed/guardian/more')).status).toBe(200);
    expect((await app.send('GET', '/closed/sandbox/more')).status).toBe(403);
    expect(codesOf(await app.send('GET', '/closed/conquest/more'))).toBeDefined();
  });

  it('returns 404 for an agent that does not exist', async () => {
    const path = '/example/agents/nobody/proposals';
    expectProblem(await app.send('POST', path), 'agent_not_found', path);
  });

  it('rejects an invalid agent type before querying the database', async () => {
    const path = '/example/agents/a%00b/proposals';
    expectProblem(await app.send('POST', path), 'validation_failed', path, ['agent_type']);
  });

  it.each(['/example/mistaken/guardian', '/example/bare/guardian'])(
    'fails if it is configured incorrectly: %s',
    async (path) => {
      expectProblem(await app.send('GET', path), 'internal_error', path);
    },
  );

  it('rejects all agents while the database is unavailable', async () => {
    proxy.cut();
    const path = '/example/agents/guardian/proposals';
    const answer = await app.send('POST', path);
    proxy.restore();
    expectProblem(answer, 'database_unavailable', path);
    expect((await app.send('POST', path)).status).toBe(201);
  });

  it('documents its 403', () => {
    const document = SwaggerModule.createDocument(app.app, new DocumentBuilder().build());
    expect(document.paths['/example/levels/{name}']?.post?.responses).toMatchObject({
      403: {
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/RequirementsUnmetProblemDto' } },
        },
      },
    });
    expect(document.components?.schemas).toHaveProperty('RequirementsUnmetProblemDto');
  });
});
