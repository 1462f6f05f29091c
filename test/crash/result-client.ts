import type { CustodyTestBody } from '../factories/custody-test.factory.js';
import { NoAnswerError, post, type PostAnswer } from './post.js';

export interface ResultRequest {
  agentType: string;
  /** Of a client that wants to be sure that its result counts, and counts once. */
  key?: string | undefined;
  body: CustodyTestBody;
}

export type Answer =
  | { kind: 'acknowledged'; version: number; replayed: boolean }
  /** 503: to be sent again, with the same key. Unless its outcome is unknown, it is not recorded. */
  | { kind: 'unavailable'; code: string; detail: string; isOutcomeUnknown: boolean }
  /** No answer of the service, as the connection could not be made or was lost: to be sent again as well. */
  | { kind: 'unreachable'; reason: string }
  /** A response that the service must never send. */
  | { kind: 'wrong'; reason: string };

/** The service gives each request up before that, whatever its database does. */
const ANSWER_LIMIT_MS = 20_000;
const RETRYABLE_CODES = ['database_unavailable', 'database_restarting', 'overloaded', 'write_conflict'];
const CONNECTION_FAILURES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];
/** Statuses of a proxy whose service is unavailable. The service sends them with problem documents only. */
const PROXY_STATUSES = [502, 503, 504];
const STRONG_TAG = /^"(\d+)"$/;

/** Sends a custody test result, once. */
export async function sendResult(url: string, { agentType, key, body }: ResultRequest): Promise<Answer> {
  const path = `${url}/api/agent-metrics/${agentType}/custody-test`;
  try {
    return answerOf(await post(path, key === undefined ? {} : { 'idempotency-key': key }, body, ANSWER_LIMIT_MS));
  } catch (error) {
    if (error instanceof NoAnswerError) return { kind: 'wrong', reason: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    if (CONNECTION_FAILURES.includes(code ?? '')) return { kind: 'unreachable', reason: message };
    return { kind: 'wrong', reason: message };
  }
}

function answerOf({ status, headers, text }: PostAnswer): Answer {
  if (status === 200) {
    const version = STRONG_TAG.exec(headers.etag ?? '')?.[1];
    if (version === undefined) return { kind: 'wrong', reason: 'a 200 without the version in its ETag' };
    return { kind: 'acknowledged', version: Number(version), replayed: headers['idempotency-replayed'] === 'true' };
  }
  if (PROXY_STATUSES.includes(status) && !headers['content-type']?.includes('json')) {
    return { kind: 'unreachable', reason: `a proxy answered ${status}` };
  }
  if (status !== 503) return { kind: 'wrong', reason: `${status} ${text}` };
  const retryAfterSeconds = Number(headers['retry-after'] ?? 0);
  const { code, detail } = JSON.parse(text) as { code: string; detail: string };
  if (!RETRYABLE_CODES.includes(code) || !(retryAfterSeconds > 0)) {
    return { kind: 'wrong', reason: `503 with Retry-After ${retryAfterSeconds} ${text}` };
  }
  return { kind: 'unavailable', code, detail, isOutcomeUnknown: detail.includes('is unknown whether') };
}
