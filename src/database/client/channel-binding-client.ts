import pg from 'pg';

const BOUND_MECHANISM = 'SCRAM-SHA-256-PLUS';

/** Authentication handlers of the client, which are not in @types/pg. */
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
 * Client for `channel_binding=require`. It sends no password and accepts no session unless SCRAM is bound to the TLS channel.
 * `pg` uses channel binding if the server offers it, and otherwise continues without.
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

  /** Replaces handlers of `pg` that would send the password. */
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
