import type { DataSource, EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/** A callback, and the number of open savepoints when it was added. */
interface Waiting {
  depth: number;
  callback: () => void;
}

/**
 * Callbacks that run after the COMMIT of a transaction of TypeORM, and not at all after its ROLLBACK, or after the rollback
 * of the savepoint in which they were added.
 */
export class CommitHooks {
  private readonly waiting = new WeakMap<QueryRunner, Waiting[]>();

  private readonly subscriber: EntitySubscriberInterface;

  constructor(private readonly dataSource: DataSource) {
    this.subscriber = {
      // PostgreSQL answers a COMMIT of a failed transaction with ROLLBACK, and TypeORM ignores it.
      afterQuery: ({ query, queryRunner, rawResults }) => {
        const { command } = (rawResults ?? {}) as { command?: string };
        if (query === 'COMMIT' && command === 'ROLLBACK') this.waiting.delete(queryRunner);
      },
      afterTransactionCommit: ({ queryRunner }) => {
        this.onCommit(queryRunner);
      },
      afterTransactionRollback: ({ queryRunner }) => {
        this.onRollback(queryRunner);
      },
    };
  }

  /** @param manager of a running transaction */
  add({ queryRunner }: EntityManager, callback: () => void): void {
    if (!queryRunner) throw new Error('the manager has no query runner');
    const { subscribers } = this.dataSource;
    if (!subscribers.includes(this.subscriber)) subscribers.push(this.subscriber);
    const waiting = this.waiting.get(queryRunner) ?? [];
    waiting.push({ depth: getDepth(queryRunner), callback });
    this.waiting.set(queryRunner, waiting);
  }

  private onCommit(runner: QueryRunner): void {
    const waiting = this.waiting.get(runner) ?? [];
    const depth = getDepth(runner);
    if (depth > 0) {
      // A savepoint was released: its callbacks belong to the enclosing one.
      for (const each of waiting) each.depth = Math.min(each.depth, depth);
      return;
    }
    this.waiting.delete(runner);
    for (const { callback } of waiting) callback();
  }

  private onRollback(runner: QueryRunner): void {
    const depth = getDepth(runner);
    const left = (this.waiting.get(runner) ?? []).filter((each) => each.depth <= depth);
    if (depth === 0 || left.length === 0) this.waiting.delete(runner);
    else this.waiting.set(runner, left);
  }
}

/** Number of nested transactions: 1 in a transaction without savepoints, 0 after its end. */
function getDepth(runner: QueryRunner): number {
  // Protected in the types of TypeORM, but set by all drivers.
  return (runner as unknown as { transactionDepth: number }).transactionDepth;
}
