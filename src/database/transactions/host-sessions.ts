import type { DataSource, EntityManager } from 'typeorm';
import { buildSearchPath, buildSettingsQuery, ISOLATION, type Timeouts } from '../client/index.js';
import { CommitHooks } from './commit-hooks.js';
import { noTransaction } from './errors.js';
import { isJoinable } from './is-joinable.js';
import { HostSession } from './host-session.js';
import { SessionScope } from './session-scope.js';
import type { Session } from './session.js';
import type { SessionSource } from './session-source.js';

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
  private readonly begin: string;
  private readonly scope: SessionScope;
  /** The last join of each connection: settings are applied and restored by one at a time. */
  private hooks: CommitHooks | undefined;
  private readonly joins = new WeakMap<object, Promise<unknown>>();

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
    try {
      const session = await HostSession.open(runner);
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
    if (!queryRunner || !isJoinable(outer)) throw noTransaction();
    const earlier = this.joins.get(queryRunner) ?? Promise.resolve();
    const joined = earlier.then(async () => {
      const session = await HostSession.open(queryRunner);
      return this.scope.run(session, () => work(session));
    });
    this.joins.set(
      queryRunner,
      joined.catch(() => undefined),
    );
    return joined;
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
