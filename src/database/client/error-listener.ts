import type pg from 'pg';
import type { ClientClass } from './client-class.js';

/**
 * A client whose connection may end at any time without ending the process. The pool and TypeORM each listen for errors
 * while the client is theirs; one that comes as it is handed over, such as in one packet with the server's word that the
 * session has begun, nobody would hear. Nothing is hidden: the client refuses the next statement, and so is given up.
 */
export function withErrorListener(Client: ClientClass): ClientClass {
  return class extends Client {
    constructor(config: pg.ClientConfig) {
      super(config);
      this.on('error', () => undefined);
    }
  };
}
