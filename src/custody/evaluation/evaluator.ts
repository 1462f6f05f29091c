import { Inject, Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { DomainError, getErrorMessage, parseJson } from '../../common/index.js';
import { SETTINGS, type Settings } from '../../config/index.js';
import type { CustodyTestResult } from '../../progression/index.js';
import { evaluationOf } from './evaluation.js';
import { evaluatorFailed, evaluatorNotConfigured, evaluatorTimeout, tooManyEvaluations } from './evaluator-errors.js';
import type { TestAssignment } from './test-assignment.js';

/** Tests that may be administered at a time. */
const EVALUATIONS_MAX = 100;
const RETRY_AFTER_SECONDS = 10;
/** Largest answer of an evaluator, in bytes. */
const ANSWER_MAX_BYTES = 65_536;

/**
 * The program that administers tests, which CUSTODY_EVALUATOR_URL names. It gets each assignment as a POST of JSON, signed
 * as Standard Webhooks specifies when CUSTODY_EVALUATOR_SECRET is set, and answers with the test's result.
 */
@Injectable()
export class Evaluator {
  private readonly settings: Settings['evaluator'];
  private readonly webhook: Webhook | null;
  private running = 0;

  constructor(@Inject(SETTINGS) { evaluator }: Settings) {
    this.settings = evaluator;
    this.webhook = this.settings?.secret === undefined ? null : new Webhook(this.settings.secret);
  }

  /** @throws DomainError `evaluator_not_configured` */
  assertConfigured(): void {
    if (this.settings === null) throw evaluatorNotConfigured();
  }

  /**
   * Has a test administered, and returns its result.
   *
   * @throws DomainError `evaluator_not_configured`; `evaluator_failed` when it can't be reached, answers with another status
   *   than 2xx or with what isn't a result; `evaluator_timeout`; `overloaded` when too many tests are being administered
   */
  async evaluate(assignment: TestAssignment): Promise<CustodyTestResult> {
    if (this.settings === null) throw evaluatorNotConfigured();
    if (this.running >= EVALUATIONS_MAX) throw tooManyEvaluations(EVALUATIONS_MAX, RETRY_AFTER_SECONDS);
    this.running++;
    try {
      return evaluationOf(await this.ask(assignment, this.settings), assignment);
    } finally {
      this.running--;
    }
  }

  private async ask(
    assignment: TestAssignment,
    { url, timeoutMs }: NonNullable<Settings['evaluator']>,
  ): Promise<unknown> {
    const body = JSON.stringify(assignment);
    const signal = AbortSignal.timeout(timeoutMs);
    let text: string;
    try {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json',
        ...this.sign(assignment, body),
      };
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
      if (!response.ok) {
        await response.body?.cancel();
        throw evaluatorFailed(`It answered with the status ${response.status}.`);
      }
      text = await bounded(response);
    } catch (error) {
      if (signal.aborted) throw evaluatorTimeout(timeoutMs / 1_000);
      if (error instanceof DomainError) throw error;
      const { cause = error } = error as Error;
      throw evaluatorFailed(`The connection to it failed: ${getErrorMessage(cause)}.`, cause);
    }
    try {
      return parseJson(text);
    } catch (error) {
      throw evaluatorFailed(`Its answer isn't JSON: ${getErrorMessage(error)}.`);
    }
  }

  private sign({ test_id }: TestAssignment, body: string): Record<string, string> {
    if (this.webhook === null) return {};
    const now = new Date();
    return {
      'webhook-id': test_id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': this.webhook.sign(test_id, now, body),
    };
  }
}

/** The answer's text, of which no more is read than may come. */
async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_MAX_BYTES) throw evaluatorFailed(`Its answer is longer than ${ANSWER_MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  // A byte order mark is left out; what isn't UTF-8 throws.
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
