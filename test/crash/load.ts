import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, sendResult } from './result-client.js';
import { nameOf, newResult, type SentResult } from './sent-result.js';

const CLIENTS = 32;
/** Pause of a client between two results, so that the load is bounded. */
const LONGEST_PAUSE_MS = 100;
/** Pause before a result is sent again; shorter than Retry-After asks for, so that more of them meet the failure. */
const FIRST_RETRY_PAUSE_MS = 20;
const LONGEST_RETRY_PAUSE_MS = 400;
/** How long a result may take to be acknowledged, with all of its attempts. */
const SETTLE_LIMIT_MS = 60_000;
/** How long the service may take to recover. */
const RECOVERY_LIMIT_MS = 30_000;
const POLL_MS = 5;
const SHOWN_FAILURES = 3;

/**
 * Many clients that report test results without a break. A result with a key is sent again, with it, after a 503 and
 * after a lost connection, until it is acknowledged; one without a key is sent once.
 */
export class Load {
  readonly results: SentResult[] = [];
  /** Answers that must not be. */
  readonly problems: string[] = [];
  private readonly clients: Promise<void>[];
  private readonly lastFailures: string[] = [];
  private acknowledged = 0;
  private stopping = false;
  private abandoned = false;

  /**
   * @param name how the names of its agents begin
   * @param urls the instances to send to, in turns; a result is sent again to the next one
   */
  constructor(
    private readonly name: string,
    private readonly urls: readonly string[],
  ) {
    this.clients = Array.from({ length: CLIENTS }, () => this.runClient());
  }

  /** Waits until that many more results are acknowledged, as they are when the service has recovered. */
  async whenAcknowledged(more: number): Promise<void> {
    const goal = this.acknowledged + more;
    const giveUpAt = Date.now() + RECOVERY_LIMIT_MS;
    while (this.acknowledged < goal) {
      if (Date.now() > giveUpAt) {
        const failures = [...this.problems, ...this.lastFailures].slice(-SHOWN_FAILURES).join('; ');
        throw new Error(`the service did not recover within ${RECOVERY_LIMIT_MS} ms; the last failures: ${failures}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** Lets the clients finish the results that they have begun. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.clients);
  }

  /** Ends the clients where nothing is left to be learnt. */
  async abandon(): Promise<void> {
    this.abandoned = true;
    await this.stop();
  }

  private async runClient(): Promise<void> {
    while (!this.stopping) {
      const number = this.results.length + 1;
      const result = newResult(this.name, number);
      this.results.push(result);
      const instances = result.key !== undefined && isForAll(number) ? this.urls.length : 1;
      await Promise.all(Array.from({ length: instances }, (_, index) => this.deliver(result, number + index)));
      await sleep(Math.random() * LONGEST_PAUSE_MS);
    }
  }

  private async deliver(result: SentResult, firstUrl: number): Promise<void> {
    const giveUpAt = Date.now() + SETTLE_LIMIT_MS;
    for (let attempt = 0; ; attempt++) {
      result.attempts += 1;
      const answer = await sendResult(this.urls[(firstUrl + attempt) % this.urls.length] ?? '', result);
      if (answer.kind === 'acknowledged') {
        result.acknowledgements.push(answer);
        this.acknowledged += 1;
        return;
      }
      if (answer.kind === 'wrong') {
        this.complain(result, answer.reason);
        return;
      }
      if (answer.kind === 'unreachable' || answer.isOutcomeUnknown) result.unknownOutcomes += 1;
      const failure = describe(answer);
      this.lastFailures.push(failure);
      if (this.lastFailures.length > SHOWN_FAILURES) this.lastFailures.shift();
      if (result.key === undefined) result.isRefused = answer.kind === 'unavailable' && !answer.isOutcomeUnknown;
      if (result.key === undefined || this.abandoned) return;
      if (Date.now() > giveUpAt) {
        this.complain(result, `not settled within ${SETTLE_LIMIT_MS} ms: ${failure}`);
        return;
      }
      await sleep(retryPause(attempt));
      result.retries += 1;
    }
  }

  private complain({ agentType, key, body }: SentResult, problem: string): void {
    this.problems.push(`${agentType}: result ${nameOf(key, body.duration)}: ${problem}`);
  }
}

/** Whether a result is sent to all instances at the same moment. */
function isForAll(number: number): boolean {
  return number % 8 === 0 || number % 20 === 1;
}

function retryPause(attempt: number): number {
  return Math.min(FIRST_RETRY_PAUSE_MS * 2 ** attempt, LONGEST_RETRY_PAUSE_MS) * (0.5 + Math.random() / 2);
}

function describe(answer: Exclude<Answer, { kind: 'acknowledged' | 'wrong' }>): string {
  return answer.kind === 'unavailable' ? `503 ${answer.code}: ${answer.detail}` : answer.reason;
}
