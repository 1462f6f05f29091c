import pg from 'pg';

const BOUND_MECHANISM = 'SCRAM-SHA-256-PLUS';

/** What @types/pg doesn't list of the client: its handlers of the server's requests for authentication. */
interface AuthenticatingClient {
  connection: {
    on(event: 'authenticationOk', listener: () => void): void;
    emit(event: 'error', error: Error): void;
    stream: { destroy(): void };
  };
  _handleAuthSASL(message: { mechanisms: string[] }): void;
}
const BaseClient = pg.Client as unknown as new (config?: string | pg.ClientConfig) => pg.Client & AuthenticatingClient;

/**
 * A client for `channel_binding=require`: it sends no password, and accepts no session, unless SCRAM is bound to the
 * TLS channel. `pg` by itself binds when the server offers it and goes on without when it doesn't.
 */
export class ChannelBindingClient extends BaseClient {
  private bound = false;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.on('authenticationOk', () => {
      if (!this.bound) this.refuse();
    });
  }

  override _handleAuthSASL(message: { mechanisms: string[] }): void {
    this.bound = message.mechanisms.includes(BOUND_MECHANISM);
    if (this.bound) super._handleAuthSASL(message);
    else this.refuse();
  }

  /** In place of pg's handlers, which would send the password. */
  _handleAuthCleartextPassword(): void {
    this.refuse();
  }

  _handleAuthMD5Password(): void {
    this.refuse();
  }

  private refuse(): void {
    this.connection.emit(
      'error',
      new Error('channel_binding=require, but the server authenticates without channel binding (SCRAM-SHA-256-PLUS)'),
    );
    this.connection.stream.destroy();
  }
}
