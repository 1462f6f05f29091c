import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { buildSearchPath, buildSettingsQuery, ISOLATION, type Timeouts } from '../client/index.js';
import { CommitHooks } from './commit-hooks.js';
import { connectionLost, noFreeConnection, noTransaction } from './errors.js';
import { isJoinable } from './is-joinable.js';
import { HostSession } from './host-session.js';
import { SessionScope } from './session-scope.js';
import type { Session } from './session.js';
import type { SessionSource } from './session-source.js';

/** The last join of each connection, by any module: settings are applied and restored by one at a time. */
const JOINS = new WeakMap<object, Promise<unknown>>();
/** Connections whose transaction is ending: no write can join it. */
const ENDING = new WeakSet<object>();

/** Maximum wait for a connection of the host's pool. */
const CONNECT_LIMIT_MS = 10_000;

/** @throws DomainError `database_unavailable` if the pool has no free connection in time */
async function openInTime(runner: QueryRunner): Promise<HostSession> {
  const opening = HostSession.open(runner);
  const limit = new AbortController();
  const late = sleep(CONNECT_LIMIT_MS, null, { ref: false, signal: limit.signal }).catch(() => null);
  const session = await Promise.race([opening, late]).finally(() => {
    limit.abort();
  });
  if (session) return session;
  // The pool still delivers a connection, which must go back.
  void opening.then(
    () => runner.release(),
    () => undefined,
  );
  throw noFreeConnection();
}

export interface HostOptions {
  /** Schema of the tables; null: the search path of the connections. */
  schema: string | null;
  /** Timeouts of the module's own transactions. */
  timeouts: Timeouts;
  /** Finds the transaction of the calling context; null or undefined if there is none. */
  currentManager?: (() => EntityManager | null | undefined) | undefined;
}

/** Sessions of the DataSource of a host application, whatever its session settings, type parsers and pool options. */
export class HostSessions implements SessionSource {
  readonly pipelinesCommit = false;
  private readonly begin: string;
  private readonly scope: SessionScope;
  private hooks: CommitHooks | undefined;

  /** Delays the end of a transaction until its joined writes have finished. */
  private readonly guard: EntitySubscriberInterface = {
    beforeTransactionCommit: ({ queryRunner }) => this.finishJoins(queryRunner),
    beforeTransactionRollback: ({ queryRunner }) => this.finishJoins(queryRunner),
    afterTransactionCommit: ({ queryRunner }) => void ENDING.delete(queryRunner),
    afterTransactionRollback: ({ queryRunner }) => void ENDING.delete(queryRunner),
    beforeTransactionStart: ({ queryRunner }) => void ENDING.delete(queryRunner),
  };

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: HostOptions,
  ) {
    const { schema, timeouts } = options;
    const searchPath = schema === null ? '' : `; SET LOCAL search_path TO ${buildSearchPath(schema)}`;
    this.begin = `BEGIN ISOLATION LEVEL ${ISOLATION}; ${buildSettingsQuery(timeouts, 'true')}${searchPath}`;
    this.scope = new SessionScope(schema);
  }

  /** Uses a connection of its own, never the transaction of the calling context. */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const session = await openInTime(runner);
    try {
      await session.query(this.begin);
      try {
        const result = await work(session);
        await session.commit();
        for (const callback of session.committed) callback();
        return result;
      } catch (error) {
        await session.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.transaction(work);
  }

  async join<T>(outer: Session, work: (session: Session) => Promise<T>): Promise<T> {
    if (outer instanceof HostSession) return work(outer);
    const { queryRunner } = outer as Partial<EntityManager>;
    if (!queryRunner) throw noTransaction();
    const assertJoinable = () => {
      if (!isJoinable(outer) || ENDING.has(queryRunner)) throw noTransaction();
      if (queryRunner.isReleased) throw connectionLost();
    };
    assertJoinable();
    // A DataSource that is initialized again has a new list.
    if (!this.dataSource.subscribers.includes(this.guard)) this.dataSource.subscribers.push(this.guard);
    const earlier = JOINS.get(queryRunner) ?? Promise.resolve();
    const joined = earlier.then(async () => {
      assertJoinable();
      const session = await HostSession.open(queryRunner);
      return this.scope.run(session, () => work(session));
    });
    JOINS.set(
      queryRunner,
      joined.catch(() => undefined),
    );
    return joined;
  }

  private async finishJoins(queryRunner: QueryRunner): Promise<void> {
    for (let last; last !== JOINS.get(queryRunner);) await (last = JOINS.get(queryRunner));
    // Nested transactions continue with the enclosing one.
    if ((queryRunner as unknown as { transactionDepth: number }).transactionDepth === 1) ENDING.add(queryRunner);
  }

  afterCommit(session: Session, callback: () => void): void {
    if (session instanceof HostSession) {
      session.committed.push(callback);
      return;
    }
    this.hooks ??= new CommitHooks(this.dataSource);
    this.hooks.add(session as EntityManager, callback);
  }

  current(): Session | null {
    const manager = this.options.currentManager?.();
    return manager?.queryRunner?.isTransactionActive ? manager : null;
  }
}
