import type { ClientClass } from './client-class.js';
import { awaitPipelined } from './await-pipelined.js';
import { ISOLATION, buildSettingsQuery, type Timeouts } from './session-settings.js';
import { PipelinedBegin } from './pipelined-begin.js';
import { getStatementKind } from './statement-kind.js';

const BEGIN = 'START TRANSACTION';
/** Result of a statement without rows. */
const BEGUN = { command: 'START', rowCount: null, rows: [], fields: [], oid: null };
const SETS_TRANSACTION = /^\s*SET TRANSACTION\b/i;
const TO_SAVEPOINT = /^\s*ROLLBACK TO\b/i;

/** Client that applies the session settings. */
export interface PinnedClient {
  pinSession(): Promise<void>;
}

/**
 * Applies the session settings of the service, independently of the settings of the server, the database, the role or the
 * environment. An own session gets them once, by `pinSession`. Behind a transaction-pooling proxy, which is detected by its
 * process id, each transaction gets them, and a single statement is wrapped in a transaction. They are sent in the same
 * round trip.
 *
 * Calls with a callback are not changed; neither TypeORM nor the service uses them.
 */
export function withSessionSettings(Client: ClientClass, timeouts: Timeouts): ClientClass {
  const pins = buildSettingsQuery(timeouts, 'true');

  return class extends Client implements PinnedClient {
    private ownsSession = false;
    /** State of the current transaction, behind a pooler. */
    private transaction: 'none' | 'begun' | 'pinned' = 'none';
    private readonly pipelined = new PipelinedBegin();

    async pinSession(): Promise<void> {
      // Not in @types/pg; null if the server sent none.
      const { processID } = this as unknown as { processID: number | null };
      const isOwn = `pg_backend_pid() = ${processID ?? 0}`;
      const { rows } = await super.query<{ is_own: boolean }>(
        `${buildSettingsQuery(timeouts, `NOT (${isOwn})`)}, ${isOwn} AS is_own`,
      );
      this.ownsSession = rows[0]?.is_own ?? false;
      if (this.ownsSession) await super.query(`SET default_transaction_isolation = '${ISOLATION}'`);
    }

    override query(statement: unknown, ...rest: unknown[]): never {
      const send = super.query.bind(this) as (...args: unknown[]) => never;
      const text = typeof statement === 'string' ? statement : (statement as { text?: string }).text;
      if (text === undefined || typeof rest.at(-1) === 'function') return send(statement, ...rest);
      if (this.ownsSession) return this.sendInOwnSession(text, () => send(statement, ...rest)) as never;
      if (text === BEGIN) {
        this.transaction = 'begun';
        return send(`${BEGIN} ISOLATION LEVEL ${ISOLATION}`);
      }
      if (this.transaction === 'none') return sendInTransaction(send, statement, rest) as never;
      if (endsTransaction(text)) this.transaction = 'none';
      // The isolation level cannot be changed after the SELECT that applies the settings.
      else if (this.transaction === 'begun' && !SETS_TRANSACTION.test(text)) {
        this.transaction = 'pinned';
        return awaitPipelined(send(pins), send(statement, ...rest)).then(([, result]) => result) as never;
      }
      return send(statement, ...rest);
    }

    private sendInOwnSession(text: string, send: () => Promise<unknown>): Promise<unknown> {
      if (text !== BEGIN) return this.pipelined.send(text, send);
      this.pipelined.begin(send);
      return Promise.resolve(BEGUN);
    }
  };

  async function sendInTransaction(
    send: (...args: unknown[]) => Promise<unknown>,
    statement: unknown,
    rest: unknown[],
  ): Promise<unknown> {
    const opened = awaitPipelined(send(`BEGIN ISOLATION LEVEL ${ISOLATION}; ${pins}`), send(statement, ...rest));
    const [[, result]] = await awaitPipelined(opened, send('COMMIT'));
    return result;
  }
}

function endsTransaction(text: string): boolean {
  const kind = getStatementKind(text);
  return kind === 'commit' || (kind === 'rollback' && !TO_SAVEPOINT.test(text));
}
