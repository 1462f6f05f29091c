import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ArgumentMetadata,
  type ArgumentsHost,
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Module,
  type PipeTransform,
  Post,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RequiresCustody } from '../../../src/custody/requires-custody.decorator.js';
import { ProblemFilter } from '../../../src/http/problems/problem.filter.js';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { agentPath } from '../support/paths.js';
import { type BothPlatforms, startBothPlatforms } from './both-platforms.js';

const CUSTODY_TEST = agentPath('guardian', 'custody-test');

/** A pipe as the ValidationPipe of Nest with `whitelist` and conversion of types. */
class HostPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || !metatype || [String, Object].includes(metatype as never)) return value;
    return { passed: true, score: 1, duration: 1 };
  }
}

/** A filter that is to handle the errors of the host alone. */
@Catch()
class HostFilter implements ExceptionFilter {
  constructor(private readonly adapters: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const body = { host: error instanceof Error ? error.message : 'unknown' };
    this.adapters.httpAdapter.reply(host.switchToHttp().getResponse(), body, 418);
  }
}

@Controller('host')
class HostController {
  @Post('proposals/:agent_type')
  @RequiresCustody('propose')
  propose(@Body() body: unknown): unknown {
    return body;
  }

  @Get('failing/:agent_type')
  @RequiresCustody('propose')
  fail(): never {
    throw new Error('error of the host');
  }
}

@Module({ controllers: [HostController] })
class HostRoutesModule {}

describe('with ProblemFilter as the global filter of the host', () => {
  let both: BothPlatforms;
  beforeAll(async () => {
    both = await startBothPlatforms({
      policy: 'open',
      configure: (app) => {
        app.useGlobalFilters(new ProblemFilter());
      },
    });
  });
  afterAll(() => both.close());

  it.each([
    ['malformed JSON', '{"passed":', {}, 400, 'malformed_request'],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, 'unsupported_media_type'],
    ['2 MiB', JSON.stringify({ text: 'x'.repeat(2 * 1024 * 1024) }), {}, 413, 'payload_too_large'],
  ])('bodies that the platform refuses are problem documents: %s', async (_, body, headers, status, code) => {
    for (const host of both.hosts) {
      const response = await host.send('POST', CUSTODY_TEST, body, headers);
      expect(JSON.parse(response.text)).toMatchObject({ status, code, instance: CUSTODY_TEST });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('other paths and methods are problem documents', async () => {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['PATCH', CUSTODY_TEST],
    ] as const) {
      const { status, text } = await both.send(method, path);
      expect([status, JSON.parse(text)]).toEqual([404, expect.objectContaining({ code: 'route_not_found' })]);
    }
  });
});

describe('with a global pipe and a global filter of the host', () => {
  let both: BothPlatforms;
  beforeAll(async () => {
    both = await startBothPlatforms({
      policy: 'open',
      modules: [HostRoutesModule],
      configure: (app) => {
        app.useGlobalPipes(new HostPipe());
        app.useGlobalFilters(new HostFilter(app.get(HttpAdapterHost)));
      },
    });
  });
  afterAll(() => both.close());

  it('bodies are not changed, and errors are problem documents', async () => {
    const response = await both.send('POST', CUSTODY_TEST, { ...createCustodyTest(), extra: 1 });
    expect([response.status, JSON.parse(response.text)]).toEqual([
      400,
      expect.objectContaining({ code: 'validation_failed' }),
    ]);
    const recorded = await both.send('POST', CUSTODY_TEST, createCustodyTest({ xp_awarded: 7 }));
    expect(JSON.parse(recorded.text)).toMatchObject({ updated_custody_metrics: { custody_xp: 7 } });
  });

  it('malformed JSON is an error of the host', async () => {
    for (const host of both.hosts) {
      expect((await host.send('POST', CUSTODY_TEST, '{"passed":')).status).toBe(418);
    }
  });

  it('routes of the host with a gate send its problem document, and other errors by the filter of the host', async () => {
    expect((await both.send('POST', '/host/proposals/guardian', { a: 1 })).status).toBe(201);
    const unmet = await both.send('POST', '/host/proposals/nobody', {});
    expect([unmet.status, JSON.parse(unmet.text)]).toEqual([404, expect.objectContaining({ code: 'agent_not_found' })]);
    const failed = await both.send('GET', '/host/failing/guardian');
    expect([failed.status, JSON.parse(failed.text)]).toEqual([418, { host: 'error of the host' }]);
  });
});
