import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { validationFailed } from '../../common/index.js';
import { getCaller } from '../../http/access/index.js';
import { toEntityTag, parseVersions } from '../../http/parameters/index.js';
import {
  getRawResponse,
  type HttpRequest,
  type HttpResponse,
  remark,
  type RequestRemarks,
} from '../../http/exchange/index.js';
import { type LevelUps, pickNumbers, type RecordedChange } from '../write/unit-of-work.js';
import type { BulkWriteOptions, WriteOptions } from '../write/write-options.js';

/** Handler parameter: write options from the headers of a write to one agent, and the actor. */
export const WriteHeaders = createParamDecorator((_: unknown, context: ExecutionContext): WriteOptions => {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  const { headers } = request;
  return {
    ...bulkWriteOptions(request),
    precondition: {
      match: parseVersions('If-Match', headers['if-match'], 'strong'),
      noneMatch: parseVersions('If-None-Match', headers['if-none-match'], 'weak'),
    },
  };
});

/** Handler parameter: write options from the headers of a write to several agents, and the actor. */
export const BulkWriteHeaders = createParamDecorator((_: unknown, context: ExecutionContext): BulkWriteOptions => {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  const detail = 'cannot be used here: it refers to the version of one agent, but this request updates several agents';
  for (const header of ['If-Match', 'If-None-Match']) {
    if (request.headers[header.toLowerCase()] !== undefined) throw validationFailed([{ field: header, detail }]);
  }
  return bulkWriteOptions(request);
});

/**
 * Sets the response headers ETag (the agent's version) and, for a repeated request, Idempotency-Replayed. Adds the
 * change to the request log.
 */
export function acknowledge(reply: HttpResponse, change: RecordedChange): RecordedChange {
  reply.header('etag', toEntityTag(change.version));
  acknowledgeAll(reply, [change]);
  return change;
}

/** Like `acknowledge`, for changes to several agents; sets no ETag. */
export function acknowledgeAll(reply: HttpResponse, changes: RecordedChange[]): RecordedChange[] {
  if (changes.some(({ replayed }) => replayed)) reply.header('idempotency-replayed', 'true');
  remark(getRawResponse(reply).req, remarksOn(changes));
  return changes;
}

function bulkWriteOptions(request: HttpRequest): BulkWriteOptions {
  // Node.js joins repeated headers into one string.
  const idempotencyKey = request.headers['idempotency-key'] as string | undefined;
  return { idempotencyKey, actor: getCaller(request)?.name };
}

/** Log facts of a write: the new metrics of a single agent, or the number of agents. */
function remarksOn(changes: readonly RecordedChange[]): RequestRemarks {
  const [first, ...others] = changes;
  return {
    result: changes.some(({ replayed }) => replayed) ? 'replayed' : 'recorded',
    ...(first && others.length === 0 ? pickNumbers(first) : { agents: changes.length }),
    level_ups: levelUps(changes, 'level'),
    custody_level_ups: levelUps(changes, 'custody_level'),
  };
}

/** Sum of level-ups; undefined (omitted in the log) if there are none. */
function levelUps(changes: readonly RecordedChange[], which: keyof LevelUps): number | undefined {
  return changes.reduce((sum, { level_ups }) => sum + level_ups[which], 0) || undefined;
}
