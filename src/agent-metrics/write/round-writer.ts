import { Inject, Injectable } from '@nestjs/common';
import { awaitPipelined, IN_TRANSACTION } from '../../database/client/index.js';
import { ConcurrentChangeError, isFailedCheck } from '../../database/errors/index.js';
import { STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import type { Session } from '../../database/transactions/index.js';
import { buildAppend, LedgerRepository } from '../../ledger/index.js';
import { AgentMetricsRepository } from '../store/agent-metrics.repository.js';
import type { DecidedRound } from './decided-round.js';

/** Writes the rows and events of decided rounds. */
@Injectable()
export class RoundWriter {
  constructor(
    private readonly agents: AgentMetricsRepository,
    private readonly ledger: LedgerRepository,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {}

  /**
   * Sends the rows and events of a round as one statement. COMMIT can be sent behind it: the statement fails if it does not write
   * every row, or if the transaction has not begun.
   *
   * @returns the `xmin` of the written rows, which is the same for all; null if the round needs several statements
   */
  writeAtOnce(session: Session, { changes, events }: DecidedRound): Promise<string> | null {
    if (!this.storage.writesAtOnce || changes.length === 0 || events.length === 0) return null;
    const update = this.agents.buildUpdate(changes);
    if (!update) return null;
    const { parameters } = update;
    const append = buildAppend(events, `$${parameters.length + 1}`);
    const text = `
    WITH written AS (${update.text}
      RETURNING agent.xmin::text AS row_xmin
    ), appended AS (${append.text}
    )
    SELECT 1 / (count(*) = $${parameters.length + 2} AND ${IN_TRANSACTION})::integer AS is_complete, min(row_xmin) AS row_xmin
      FROM written`;
    const writing = session.query<[{ row_xmin: string }]>(text, [...parameters, append.rows, changes.length]);
    this.ledger.publishAppend(session, events);
    return writing.then(
      ([{ row_xmin }]) => row_xmin,
      (error: unknown) => {
        throw isFailedCheck(error) ? new ConcurrentChangeError('agents were changed by another transaction') : error;
      },
    );
  }

  /**
   * Writes a round.
   *
   * @throws ConcurrentChangeError if an agent was changed since it was read. A locked agent cannot be
   */
  async write(session: Session, { changes, events }: DecidedRound): Promise<void> {
    // Pipelined, rows first: they detect an agent that another transaction created concurrently.
    await awaitPipelined(this.agents.save(session, changes), this.ledger.append(session, events));
  }

  /**
   * Writes a round whose agents are not locked. On Citus, they are locked now, because writes to several servers are not ordered.
   *
   * @throws ConcurrentChangeError see `write`
   */
  async writeUnlocked(session: Session, round: DecidedRound): Promise<void> {
    if (this.storage.lockStatement === null) return this.write(session, round);
    const names = round.changes.map(({ state }) => state.agent_type);
    await awaitPipelined(this.agents.lock(session, names, []), this.write(session, round));
  }
}
