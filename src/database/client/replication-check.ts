import type pg from 'pg';
import type { ClientClass } from './client-class.js';

/** SQLSTATE: it is unknown whether the transaction took effect. */
const RESOLUTION_UNKNOWN = '08007';
/** The function of PostgreSQL that warns: the text of the warning is in the server's language. */
const WARNING_OF = 'SyncRepWaitForLSN';

/**
 * A client to which a commit that isn't replicated is one of unknown outcome. Under synchronous replication a COMMIT
 * waits for the standby, which no timeout of the server ends; when somebody cancels the wait (`pg_cancel_backend`)
 * PostgreSQL reports success, with a warning that the commit is local. If the standby took over then, what was
 * acknowledged would be gone.
 */
export function withReplicationCheck(Client: ClientClass): ClientClass {
  return class extends Client {
    constructor(config: pg.ClientConfig) {
      super(config);
      this.connection.on('notice', ({ routine }) => {
        if (routine !== WARNING_OF) return;
        const error = new Error('The commit was not replicated in time: it would be lost if the standby took over');
        // Before the success is read that follows the warning.
        this.connection.emit('error', Object.assign(error, { code: RESOLUTION_UNKNOWN }));
        this.connection.stream.destroy();
      });
    }
  };
}
