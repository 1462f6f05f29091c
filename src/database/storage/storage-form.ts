import type { Session } from '../transactions/index.js';
import type { COUNTED_COLUMNS } from '../migrations/index.js';
import type { FindRequests } from './find-requests.js';
import type { Insert, Insertion } from './insertion.js';

/** The columns of an agent that are counted in the rollups. */
export type CountedAgent = Readonly<Record<CountedColumn, unknown>>;
type CountedColumn = (typeof COUNTED_COLUMNS)[number];

/** The parts of an event that are counted in the rollups. */
export interface CountedEvent {
  agent_type: string;
  type: string;
  payload: unknown;
  occurred_at: Date;
}

/** A column of a document: its name and the SQL expression of its value. */
export type DocumentColumn = readonly [name: string, expression: string];

/**
 * How the rows are stored: on a single server, or distributed by agent type over several servers by Citus. All differences
 * between the two are behind this interface; one implementation is bound at start-up.
 */
export interface StorageForm {
  /** Appended to the description of the database at start-up. */
  readonly note: string;
  /** Statement that locks the agents $1 before their rows are read; null if `lockingClause` locks the rows. */
  readonly lockStatement: string | null;
  /** Clause of the SELECT that reads the rows of locked agents. */
  readonly lockingClause: string;
  /** Condition of a prepared SELECT: the agent type is one of $1. */
  readonly isAmongAgents: string;
  /** Whether one statement can write rows and events, and compare the `xmin` of the rows. */
  readonly writesAtOnce: boolean;
  /** Statement that sets up the planner for a transaction of the group commit; null if there is none. */
  readonly planningStatement: string | null;

  /** Whether a transaction failed because of the agents on one server, so that those on others can be written. */
  isPartialFailure(error: unknown): boolean;

  /**
   * Further condition of a statement that joins agents: that the agent type in the column is one of the parameter. Empty if
   * the join is enough to find the rows.
   */
  amongAgents(column: string, parameter: string): string;

  /** Builds a function that inserts rows of agents into a table. */
  buildInsert<Row>(insertion: Insertion<Row>): Insert<Row>;

  /**
   * Builds a function that finds the events of requests.
   *
   * @param columns select list on `event` (the event) and `named` (the request: `owner`, `agent_type`, `is_own`)
   */
  buildRequestLookup(columns: string): FindRequests;

  /**
   * SELECT of `agent_type`, `version`, `row_version` and `json` of the agents $1. `json`: the columns as one JSON text; null if
   * $3 contains `row_version`. `row_version` identifies the content of a row; null if it is unknown.
   */
  selectDocuments(columns: readonly DocumentColumn[]): string;

  /** Replaces agents in the rollups, in the session's transaction: `before` is subtracted, `after` is added. */
  replaceInRollups(session: Session, before: readonly CountedAgent[], after: readonly CountedAgent[]): Promise<void>;

  /** Adds the tests among these events to the rollups, in the session's transaction. */
  addToRollups(session: Session, events: readonly CountedEvent[]): Promise<void>;

  /**
   * Like `addToRollups`, for events in a temporary table.
   *
   * @param events FROM item with these parameters
   */
  addStagedToRollups(session: Session, events: string, parameters: readonly unknown[]): Promise<void>;

  /** Deletes the rollups of tests of agents, and subtracts them from the sums over all agents. */
  removeTestRollups(session: Session, agentTypes: readonly string[]): Promise<void>;

  /** Adds the rollups of tests of an agent to those of another one. The sums over all agents do not change. */
  moveTestRollups(session: Session, from: string, to: string): Promise<void>;

  /**
   * Stores the row, the events and the rollups of an agent under another name. Events keep the name that they were recorded
   * under in `recorded_as`. The agent must be locked.
   *
   * @param head hash of the agent's newest event
   */
  rekeyAgent(session: Session, from: string, to: string, head: Buffer): Promise<void>;
}

/** Injection token of the storage form, which is detected at start-up. */
export const STORAGE_FORM = Symbol('StorageForm');
