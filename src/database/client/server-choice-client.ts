import type pg from 'pg';
import type { DatabaseConnection } from '../../config/index.js';
import type { ClientClass } from './client-class.js';
import { ServerChoice } from './server-choice.js';

type Done = (error?: Error | null) => void;

const READ_ONLY_TRANSACTION = '25006';

/**
 * Adds the selection of a server, for a URL with several servers or a required state. A connection whose server becomes
 * read-only is closed, so that the next one selects again.
 */
export function withServerChoice(
  Client: ClientClass,
  connection: DatabaseConnection,
  config: pg.ClientConfig,
): ClientClass {
  const choice = new ServerChoice(connection, Client, config);
  class ChoosingClient extends Client {
    constructor(given: pg.ClientConfig) {
      super(given);
      this.connection.on('errorMessage', ({ code }) => {
        if (code !== READ_ONLY_TRANSACTION) return;
        choice.invalidate();
        void this.end();
      });
    }

    override connect(): Promise<this>;
    override connect(done: Done): void;
    override connect(done?: Done): Promise<this> | undefined {
      const connected = this.connectToChosen();
      if (!done) return connected;
      connected.then(() => {
        done();
      }, done);
      return undefined;
    }

    private async connectToChosen(): Promise<this> {
      const { host, port } = await choice.select();
      Object.assign(this, { host, port });
      try {
        await super.connect();
        return this;
      } catch (error) {
        choice.invalidate();
        throw error;
      }
    }
  }
  return ChoosingClient;
}
