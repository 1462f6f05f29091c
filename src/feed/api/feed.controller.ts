import { Get, Headers, HttpStatus, Inject, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { StillAllowed } from '../../auth/index.js';
import type { AgentAccess } from '../../common/index.js';
import { CallerAgents, ConcernsAgents } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import { getRawRequest, type HttpRequest, type HttpResponse, remark } from '../../http/exchange/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { AgentFeed } from '../agent-feed.js';
import { FEED_SETTINGS, type FeedSettings } from '../options.js';
import { FeedEventDto } from './dto/feed-event.dto.js';
import { FeedQueryDto, toFeedRequest } from './dto/feed-query.dto.js';
import { type EndReason, EVENT_STREAM, SLOW_MS, streamFeed } from './feed-stream.js';
import { RequestPipe } from '../../http/validation/index.js';

/** The events of all agents as they are committed. */
@ApiController('feed', 'All agents')
@ApiExtraModels(FeedEventDto)
export class FeedController {
  constructor(
    private readonly feed: AgentFeed,
    private readonly access: StillAllowed,
    @Inject(FEED_SETTINGS) private readonly settings: FeedSettings,
  ) {}

  /**
   * Stream the events of all agents
   *
   * @remarks Server-sent events: every committed event once, in one order that is the same for all readers. The stream begins
   * with new events, unless `Last-Event-ID`, `after` or `from` is sent. `id` is the position of the event; a client that sends
   * the last one as `Last-Event-ID` continues without gap or repetition, on any instance. `event` is the type and `data` the
   * event (`FeedEventDto`). A silent stream sends a comment every 15 seconds (FEED_HEARTBEAT), with the current `id`. A client
   * that reads nothing for 30 seconds receives the event `too_slow`, and the stream ends. The stream also ends when the service
   * stops, or when the key is revoked or expires. A key that is limited to some agents receives the events of these. An instance
   * serves at most 200 streams (FEED_MAX_READERS).
   */
  @Get()
  @ConcernsAgents('visible')
  @ApiHeader({
    name: 'Last-Event-ID',
    description: 'Position after which the stream begins: `id` of the last message. Takes precedence over the query.',
    required: false,
    schema: { type: 'string' },
  })
  @ApiResponse({
    status: HttpStatus.OK,
    description: 'Server-sent events: the schema is that of `data` of each message.',
    content: {
      [EVENT_STREAM]: { schema: { $ref: getSchemaPath(FeedEventDto) } },
    },
  })
  @ApiProblems('validation_failed', 'overloaded')
  async streamEvents(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: HttpResponse,
    @Query(RequestPipe) query: FeedQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CallerAgents() access: AgentAccess,
  ): Promise<StreamableFile> {
    const { positionField, ...feedRequest } = toFeedRequest(query, lastEventId);
    for (const agentType of feedRequest.agentTypes ?? []) access.assertMayAccess(agentType);
    // Neither caches nor compressing proxies may delay the stream.
    response.header('cache-control', 'no-store, no-transform');
    response.header('x-accel-buffering', 'no');
    // A server that stops would wait for the next request of the connection.
    response.header('connection', 'close');
    if (request.method === 'HEAD') return new StreamableFile(Buffer.alloc(0), { type: EVENT_STREAM });
    const reader = await this.feed.open({ ...feedRequest, access }, { positionField });
    // Updated until the log line is written.
    const remarks = { result: 'feed', sent: 0, reason: 'disconnected' as EndReason };
    remark(getRawRequest(request), remarks);
    const stream = streamFeed(reader, {
      heartbeatMs: this.settings.heartbeatMs,
      slowMs: SLOW_MS,
      isAllowed: () => this.access.check(request),
      remarks,
    });
    return new StreamableFile(stream, { type: EVENT_STREAM });
  }
}
