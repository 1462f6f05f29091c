import { Inject, Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { DomainError, getErrorMessage, parseJson } from '../../common/index.js';
import type { CustodyTestResult } from '../../progression/index.js';
import { parseEvaluation } from './evaluation.js';
import { evaluatorFailed, evaluatorNotConfigured, evaluatorTimeout, tooManyEvaluations } from './evaluator-errors.js';
import type { TestAssignment } from './test-assignment.js';
import { CUSTODY_SETTINGS, type CustodySettings, type EvaluatorSettings } from '../settings.js';

/** Maximum number of concurrently administered tests. */
const EVALUATIONS_MAX = 100;
const RETRY_AFTER_SECONDS = 10;
/** Maximum size of an evaluator's response. */
const RESPONSE_MAX_BYTES = 65_536;

/**
 * Client of the evaluator at CUSTODY_EVALUATOR_URL. Each assignment is sent as a POST with a JSON body, signed according to
 * Standard Webhooks if CUSTODY_EVALUATOR_SECRET is set. The response is the test's result.
 */
@Injectable()
export class Evaluator {
  private readonly settings: EvaluatorSettings | null;
  private readonly webhook: Webhook | null;
  private running = 0;

  constructor(@Inject(CUSTODY_SETTINGS) { evaluator }: CustodySettings) {
    this.settings = evaluator;
    this.webhook = this.settings?.secret === undefined ? null : new Webhook(this.settings.secret);
  }

  /** @throws DomainError `evaluator_not_configured` */
  assertConfigured(): void {
    if (this.settings === null) throw evaluatorNotConfigured();
  }

  /**
   * Requests a test and returns its result.
   *
   * @throws DomainError `evaluator_not_configured`; `evaluator_failed` if the evaluator is unreachable, its status is not
   *   2xx, or the result is invalid; `evaluator_timeout`; `overloaded` if too many tests are being administered
   */
  async evaluate(assignment: TestAssignment): Promise<CustodyTestResult> {
    if (this.settings === null) throw evaluatorNotConfigured();
    if (this.running >= EVALUATIONS_MAX) throw tooManyEvaluations(EVALUATIONS_MAX, RETRY_AFTER_SECONDS);
    this.running++;
    try {
      return parseEvaluation(await this.send(assignment, this.settings), assignment);
    } finally {
      this.running--;
    }
  }

  private async send(assignment: TestAssignment, { url, timeoutMs }: EvaluatorSettings): Promise<unknown> {
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
        throw evaluatorFailed(`The response status is ${response.status}.`);
      }
      text = await readBody(response);
    } catch (error) {
      if (signal.aborted) throw evaluatorTimeout(timeoutMs / 1_000);
      if (error instanceof DomainError) throw error;
      const { cause = error } = error as Error;
      throw evaluatorFailed(`The connection failed: ${getErrorMessage(cause)}.`, cause);
    }
    try {
      return parseJson(text);
    } catch (error) {
      throw evaluatorFailed(`The response is not valid JSON: ${getErrorMessage(error)}.`);
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

/**
 * Reads the body as UTF-8.
 *
 * @throws DomainError `evaluator_failed` if it is longer than RESPONSE_MAX_BYTES
 * @throws TypeError if it is not valid UTF-8
 */
async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > RESPONSE_MAX_BYTES) throw evaluatorFailed(`The response is longer than ${RESPONSE_MAX_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
