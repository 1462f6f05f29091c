import type { StatementKind } from '../../common/index.js';
import { awaitPipelined } from './await-pipelined.js';
import { getStatementKind } from './statement-kind.js';

type Send = () => Promise<unknown>;

/**
 * Sends START TRANSACTION without waiting for it, so that it takes no round trip of its own. Reads, settings and
 * COMMIT follow it at once, and writes with `IN_TRANSACTION`. Other writes wait until the transaction has begun, in order:
 * without it, they would take effect at once. The failure of START TRANSACTION is that of the next statements.
 */
export class PipelinedBegin {
  private beginning: Promise<unknown> | null = null;
  /** Number of statements that wait. */
  private waiting = 0;

  begin(send: Send): void {
    const beginning = send();
    this.beginning = beginning;
    const done = () => {
      if (this.beginning === beginning && this.waiting === 0) this.beginning = null;
    };
    beginning.then(done, done);
  }

  /** Sends a statement after START TRANSACTION. */
  async send(text: string, send: Send): Promise<unknown> {
    const { beginning } = this;
    if (beginning === null) return send();
    if (this.waiting === 0 && isHarmless(text)) return (await awaitPipelined(beginning, send()))[1];
    this.waiting++;
    try {
      await beginning;
    } finally {
      this.waiting--;
      if (this.waiting === 0 && this.beginning === beginning) this.beginning = null;
    }
    return send();
  }
}

/** Marks a transaction, after it has begun. Without a transaction, it has no effect. */
export const MARK_TRANSACTION = "SET LOCAL agent_metrics.in_transaction = 'on'";
/** Condition of a write that is refused outside a marked transaction. Such a write does not wait until it has begun. */
export const IN_TRANSACTION = "(current_setting('agent_metrics.in_transaction', true) IS NOT DISTINCT FROM 'on')";

const HARMLESS: readonly StatementKind[] = ['select', 'lock', 'set', 'commit'];
const WRITE = /\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|UPDATE\s+\S+(?:\s+\S+)?\s+SET)\b/i;

/** Whether a statement has no lasting effect outside a transaction. A WITH query may contain writes. */
function isHarmless(text: string): boolean {
  return text.includes(IN_TRANSACTION) || (HARMLESS.includes(getStatementKind(text)) && !WRITE.test(text));
}
