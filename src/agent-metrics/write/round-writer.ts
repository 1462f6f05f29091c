import { Inject, Injectable } from '@nestjs/common';
import { awaitPipelined } from '../../database/client/index.js';
import { ConcurrentChangeError, isFailedCheck } from '../../database/errors/index.js';
import { STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import type { Session } from '../../database/transactions/index.js';
import { buildAppend, LedgerRepository } from '../../ledger/index.js';
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import type { DecidedRound, RoundAhead } from './decided-round.js';

/** Writes the rows and events of decided rounds. */
@Injectable()
export class RoundWriter {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {}

  /**
   * Sends the rows and events of a round as one statement, in the transaction in which its agents are locked. COMMIT can be sent
   * behind it: the statement fails if it does not write every row.
   *
   * @returns null if the round needs several statements
   */
  writeAtOnce(session: Session, { changes, events }: DecidedRound): Promise<void> | null {
    if (!this.storage.writesAtOnce || changes.length === 0 || events.length === 0) return null;
    const update = this.agents.buildUpdate(changes);
    if (!update) return null;
    const { parameters } = update;
    const append = buildAppend(events, `$${parameters.length + 1}`);
    const text = `
    WITH written AS (${update.text}
      RETURNING 1
    ), appended AS (${append.text}
    )
    SELECT 1 / (count(*) = $${parameters.length + 2})::integer AS is_complete FROM written`;
    const writing = session.query(text, [...parameters, append.rows, changes.length]);
    this.ledger.publishAppend(session, events);
    return writing.then(
      () => undefined,
      (error: unknown) => {
        throw isFailedCheck(error) ? new ConcurrentChangeError('agents were changed by another transaction') : error;
      },
    );
  }

  /** Writes a round, in the transaction in which its agents are locked. */
  async write(session: Session, { changes, events }: DecidedRound): Promise<void> {
    // Pipelined, rows first: they detect an agent that another transaction created concurrently.
    await awaitPipelined(this.agents.save(session, changes), this.ledger.append(session, events));
  }

  /**
   * Writes a round that was decided ahead, after the commit of the earlier one.
   *
   * @throws ConcurrentChangeError if an agent is not as expected
   */
  async writeAhead(session: Session, round: RoundAhead): Promise<void> {
    const names = round.changes.map(({ state }) => state.agent_type);
    const [rows] = await awaitPipelined(this.agents.lock(session, names, []), this.write(session, round));
    for (const name of names) {
      const expected = round.expected.get(name)?.head?.toString('hex');
      if (rows.get(name)?.ledger_hash !== expected) throw new ConcurrentChangeError(`${name} is not as expected`);
    }
  }
}
