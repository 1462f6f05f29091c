import type pg from 'pg';
import type { ClientClass } from './client-class.js';

/** SQLSTATE: it is unknown whether the transaction took effect. */
const RESOLUTION_UNKNOWN = '08007';
/** PostgreSQL function that issues the warning. Its text is localized. */
const WARNING_OF = 'SyncRepWaitForLSN';

/**
 * Treats a commit that is not replicated as one of unknown outcome. Under synchronous replication, a COMMIT waits for the
 * standby without a timeout. If the wait is cancelled (`pg_cancel_backend`), PostgreSQL reports success with a warning that
 * the commit is local only. The write would be lost in a failover.
 */
export function withReplicationCheck(Client: ClientClass): ClientClass {
  return class extends Client {
    constructor(config: pg.ClientConfig) {
      super(config);
      this.connection.on('notice', ({ routine }) => {
        if (routine !== WARNING_OF) return;
        const error = new Error('The commit was not replicated in time: it would be lost in a failover');
        // Emitted before the success message that follows the warning is read.
        this.connection.emit('error', Object.assign(error, { code: RESOLUTION_UNKNOWN }));
        this.connection.stream.destroy();
      });
    }
  };
}
