import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validationFailed } from '../../common/index.js';
import { toEntityTag, parseVersions } from '../../http/parameters/index.js';
import { remark } from '../../http/exchange/index.js';
import type { RecordedChange } from '../write/agent-command.js';
import type { BulkWriteOptions, WriteOptions } from '../write/write-options.js';
import { remarksOn } from '../write/write-remarks.js';

/** Parameter of a handler: what the headers of a write to one agent ask of it, and who sends them. */
export const WriteHeaders = createParamDecorator((_: unknown, context: ExecutionContext): WriteOptions => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { headers } = request;
  return {
    ...bulkWriteOptions(request),
    precondition: {
      match: parseVersions('If-Match', headers['if-match'], 'strong'),
      noneMatch: parseVersions('If-None-Match', headers['if-none-match'], 'weak'),
    },
  };
});

/** Parameter of a handler: what the headers of a write to many agents ask of it. */
export const BulkWriteHeaders = createParamDecorator((_: unknown, context: ExecutionContext): BulkWriteOptions => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const detail = "can't be used here: it names the version of one agent, and this request is for many";
  for (const header of ['If-Match', 'If-None-Match']) {
    if (request.headers[header.toLowerCase()] !== undefined) throw validationFailed([{ field: header, detail }]);
  }
  return bulkWriteOptions(request);
});

/**
 * Says in the answer's headers at which version the agent is now, and whether the change had been recorded before; and in
 * the log, what it was.
 */
export function acknowledge(reply: FastifyReply, change: RecordedChange): RecordedChange {
  void reply.header('etag', toEntityTag(change.version));
  acknowledgeAll(reply, [change]);
  return change;
}

/** As acknowledge, for changes of many agents, which have no version in common. */
export function acknowledgeAll(reply: FastifyReply, changes: RecordedChange[]): RecordedChange[] {
  if (changes.some(({ replayed }) => replayed)) void reply.header('idempotency-replayed', 'true');
  remark(reply.request, remarksOn(changes));
  return changes;
}

function bulkWriteOptions({ headers, caller }: FastifyRequest): BulkWriteOptions {
  // Node joins a header that is sent twice to one text.
  return { idempotencyKey: headers['idempotency-key'] as string | undefined, actor: caller?.name };
}
