import { statementChannel } from '../../common/index.js';
import type { ClientClass } from './client-class.js';
import { getStatementKind } from './statement-kind.js';

/** Publishes statements on the diagnostics channel. Apply it after all classes that change statements. */
export function withObservation(Client: ClientClass): ClientClass {
  class ObservedClient extends Client {
    override query(statement: unknown, ...rest: unknown[]): never {
      const query = super.query.bind(this) as (...args: unknown[]) => never;
      // TypeORM passes the text and awaits a promise. Streams and callbacks are not observed.
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
