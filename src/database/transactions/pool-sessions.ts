import type { DataSource, EntityManager } from 'typeorm';
import { CommitHooks } from './commit-hooks.js';
import type { Session } from './session.js';
import type { SessionSource } from './session-source.js';

/** Sessions of a DataSource of `buildDataSourceOptions`, whose connections have the session settings of the service. */
export class PoolSessions implements SessionSource {
  readonly pipelinesCommit = true;
  private hooks: CommitHooks | undefined;

  constructor(private readonly dataSource: DataSource) {}

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return work(this.dataSource.manager);
  }

  async join<T>(outer: Session, work: (session: Session) => Promise<T>): Promise<T> {
    return work(outer);
  }

  afterCommit(session: Session, callback: () => void): void {
    this.hooks ??= new CommitHooks(this.dataSource);
    this.hooks.add(session as EntityManager, callback);
  }

  current(): null {
    return null;
  }
}
