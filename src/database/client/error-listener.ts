import type pg from 'pg';
import type { ClientClass } from './client-class.js';

/**
 * Adds an error listener, so that a lost connection never ends the process. The pool and TypeORM listen for errors while they
 * own the client, but not while it is handed over. No error is hidden: the client refuses the next statement.
 */
export function withErrorListener(Client: ClientClass): ClientClass {
  return class extends Client {
    constructor(config: pg.ClientConfig) {
      super(config);
      this.on('error', () => undefined);
    }
  };
}
