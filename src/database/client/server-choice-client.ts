import type pg from 'pg';
import type { DatabaseConnection } from '../../config/index.js';
import type { ClientClass } from './client-class.js';
import { ServerChoice } from './server-choice.js';

type Done = (error?: Error | null) => void;

const READ_ONLY_TRANSACTION = '25006';

/**
 * A client for a URL that names several servers, or what the server must be: it connects to the one of them that is so
 * now. A connection whose server turns out to take no writes is given up, so that the next one goes to the server that does.
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
