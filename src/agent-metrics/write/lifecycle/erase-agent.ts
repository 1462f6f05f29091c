import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  agentNotFound,
  agentRenamed,
  Clock,
  getErrorMessage,
  preconditionFailed,
  validationFailed,
} from '../../../common/index.js';
import { deleteEvents, STORAGE_FORM, type StorageForm } from '../../../database/storage/index.js';
import { type Session, TransactionRunner } from '../../../database/transactions/index.js';
import { addTombstone, GENESIS_HASH } from '../../../ledger/index.js';
import { holds } from '../../../progression/index.js';
import { AgentMetricsRepository } from '../../store/agent-metrics.repository.js';
import { AgentLocker } from '../agent-locker.js';
import type { WriteOptions } from '../write-options.js';
import { findAliasesOf } from './aliases.js';

/** Tombstone of an erased agent. Hashes are in hexadecimal, the time in ISO 8601. */
export interface ErasedAgent {
  id: number;
  /** Hash of the agent's newest event; zeros if it had none. */
  head: string;
  events: number;
  /** Number of erased hash chains of agents that were merged into it. */
  merged_chains: number;
  erased_at: string;
  hash: string;
}

/** Erases agents. */
@Injectable()
export class EraseAgent {
  private readonly logger = new Logger(EraseAgent.name);

  constructor(
    private readonly transactions: TransactionRunner,
    private readonly agents: AgentMetricsRepository,
    private readonly locker: AgentLocker,
    private readonly clock: Clock,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {}

  /** @param options parsed */
  async erase(agentType: string, reason: string, options: WriteOptions): Promise<ErasedAgent> {
    const outer = options.manager ?? this.transactions.current() ?? undefined;
    const erased = await this.transactions.run(async (session) => {
      return this.eraseIn(session, agentType, reason, options);
    }, outer);
    const analyze = (): void => void this.analyze();
    if (outer) this.transactions.afterCommit(outer, analyze);
    else analyze();
    return erased;
  }

  private async eraseIn(
    session: Session,
    agentType: string,
    reason: string,
    { precondition = {}, actor }: WriteOptions,
  ): Promise<ErasedAgent> {
    const { agents, aliases: currentNames } = await this.locker.lockAgents(session, [agentType]);
    const agent = agents.get(agentType);
    if (!agent?.state) {
      const current = currentNames.get(agentType);
      throw current === undefined ? agentNotFound(agentType) : agentRenamed(agentType, current);
    }
    const { version } = agent.state;
    if (!holds(precondition, version)) throw preconditionFailed(agentType, version);
    const aliases = await findAliasesOf(session, agentType);
    const names = [agentType, ...aliases.map(({ name }) => name)];
    if (names.some((name) => contains(reason, name))) {
      throw validationFailed([{ field: 'reason', detail: 'must not contain a name of the agent' }]);
    }
    let events = 0;
    for (const name of names) events += await deleteEvents(session, name);
    await session.query('DELETE FROM agent_aliases WHERE agent_type = $1', [agentType]);
    await session.query(LOCK_DELIVERIES);
    for (const statement of FORGET) await session.query(statement, [names]);
    await this.agents.remove(session, agentType, agent.head && agent.state);
    await this.storage.removeTestRollups(session, names);
    const tombstone = await addTombstone(session, {
      head: agent.head ?? GENESIS_HASH,
      events,
      merged_chains: aliases.filter(({ kind }) => kind === 'merged').length,
      erased_at: this.clock.now(),
      actor: actor ?? null,
      reason,
    });
    return {
      id: tombstone.id,
      head: tombstone.head.toString('hex'),
      events,
      merged_chains: tombstone.merged_chains,
      erased_at: tombstone.erased_at.toISOString(),
      hash: tombstone.hash.toString('hex'),
    };
  }

  private async analyze(): Promise<void> {
    try {
      await this.transactions.read(analyzeErased);
    } catch (error) {
      this.logger.warn(`The statistics of the tables were not updated: ${getErrorMessage(error)}`);
    }
  }
}

/** Removes patterns. A limit without any pattern left matches no agent. */
const removePatterns = (table: string): string => `
  UPDATE ${table} SET agents = ARRAY(SELECT pattern FROM unnest(agents) WITH ORDINALITY listed (pattern, place)
                                      WHERE pattern <> ALL($1) ORDER BY place)`;
/** A delivery that is logged at the same time waits, and then finds no agent. */
const LOCK_DELIVERIES = 'LOCK TABLE webhook_deliveries IN SHARE ROW EXCLUSIVE MODE';
/** $1 names. */
const FORGET = [
  `${removePatterns('api_keys')} WHERE agents && $1::text[]`,
  `${removePatterns('webhook_endpoints')}, revision = revision + 1 WHERE agents && $1::text[]`,
  `DELETE FROM webhook_deliveries WHERE agent_type = ANY($1::text[])`,
];

const TABLES = [
  'agent_metrics',
  'agent_events',
  'test_rollups_by_hour',
  'test_rollups_by_kind',
  'agent_rollups',
  'agent_aliases',
  'api_keys',
  'webhook_endpoints',
  'webhook_deliveries',
];
/** PostgreSQL 18. Earlier versions keep the statistics of a table until it has rows. */
const CAN_CLEAR = "SELECT to_regproc('pg_clear_attribute_stats') IS NOT NULL AS exists";
const buildClear = (table: string): string => `
  SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited) FROM pg_stats
   WHERE (quote_ident(schemaname) || '.' || quote_ident(tablename))::regclass IN
         (SELECT '${table}'::regclass UNION SELECT indexrelid FROM pg_index WHERE indrelid = '${table}'::regclass)
     AND NOT EXISTS (SELECT FROM ${table})`;

/** Removes values of erased agents from the statistics of the tables. ANALYZE keeps those of an empty table. */
export async function analyzeErased(session: Session): Promise<void> {
  await session.query(`ANALYZE ${TABLES.join(', ')}`);
  const [clearing] = await session.query<{ exists: boolean }[]>(CAN_CLEAR);
  if (!clearing?.exists) return;
  for (const table of TABLES) await session.query(buildClear(table));
}

/** Whether the text contains the name as a word, in any case. */
function contains(text: string, name: string): boolean {
  const quoted = name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${quoted}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
