import { statementChannel } from '../../common/index.js';
import type { ClientClass } from './client-class.js';
import { getStatementKind } from './statement-kind.js';

/** A client that tells of its statements. To be put on top of what changes them. */
export function withObservation(Client: ClientClass): ClientClass {
  class ObservedClient extends Client {
    override query(statement: unknown, ...rest: unknown[]): never {
      const query = super.query.bind(this) as (...args: unknown[]) => never;
      // TypeORM passes the text and waits for a promise; what streams or calls back is left alone.
      const isWaitedFor = typeof statement === 'string' && typeof rest.at(-1) !== 'function';
      if (!isWaitedFor || !statementChannel.hasSubscribers) return query(statement, ...rest);
      return statementChannel.tracePromise(() => query(statement, ...rest) as Promise<unknown>, {
        kind: getStatementKind(statement),
        startedAt: performance.now(),
      }) as never;
    }
  }
  return ObservedClient;
}
