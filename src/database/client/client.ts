import pg from 'pg';
import type { DatabaseConnection } from '../../config/index.js';
import { ChannelBindingClient } from './channel-binding-client.js';
import { withServerChoice } from './server-choice-client.js';
import type { ClientClass } from './client-class.js';
import { withErrorListener } from './error-listener.js';
import { withReplicationCheck } from './replication-check.js';
import { TYPES } from './type-parsers.js';

/** Maximum time to obtain a connection, in milliseconds. After it, the database counts as unavailable. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** Delay of TCP keep-alive, which detects a lost server. */
const KEEPALIVE_DELAY_MS = 10_000;
const APPLICATION_NAME = 'lvlup-agent-metrics';

/** Selects the client class for the connection parameters. */
export function selectClientClass(connection: DatabaseConnection): ClientClass {
  const { channelBinding, alternatives, sessionTarget } = connection;
  const Client = withErrorListener(
    withReplicationCheck(channelBinding === 'require' ? ChannelBindingClient : pg.Client),
  );
  return alternatives || sessionTarget ? withServerChoice(Client, connection, buildClientConfig(connection)) : Client;
}

/** Builds the configuration of `pg`. */
export function buildClientConfig(connection: DatabaseConnection): pg.ClientConfig {
  const { host, port, user, password, database, ssl, channelBinding, options, applicationName } = connection;
  return {
    host,
    port,
    user,
    password,
    database,
    ssl,
    options,
    application_name: applicationName ?? APPLICATION_NAME,
    types: TYPES,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    enableChannelBinding: ssl !== false && channelBinding !== 'disable',
  };
}
