import pg from 'pg';
import { parseJson } from '../../common/index.js';
import type { DatabaseConnection } from '../../config/index.js';
import { ChannelBindingClient } from './channel-binding-client.js';
import { withServerChoice } from './server-choice-client.js';
import type { ClientClass } from './client-class.js';
import { withErrorListener } from './error-listener.js';
import { withReplicationCheck } from './replication-check.js';

/** How long to wait for a connection of the pool, or for a new one, before the database counts as away. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** When an idle connection is asked for a sign of life: one whose server is gone without a word is found out. */
const KEEPALIVE_DELAY_MS = 10_000;
/** As `pg` reads values, but for JSON. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    const isJson = oid === pg.types.builtins.JSON || oid === pg.types.builtins.JSONB;
    return (isJson && format !== 'binary' ? parseJson : pg.types.getTypeParser(oid, format)) as never;
  },
};
const APPLICATION_NAME = 'lvlup-agent-metrics';

/** The class of client that does what the connection demands. */
export function selectClientClass(connection: DatabaseConnection): ClientClass {
  const { channelBinding, alternatives, sessionTarget } = connection;
  const Client = withErrorListener(
    withReplicationCheck(channelBinding === 'require' ? ChannelBindingClient : pg.Client),
  );
  return alternatives || sessionTarget ? withServerChoice(Client, connection, buildClientConfig(connection)) : Client;
}

/** How `pg` reaches this server. */
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
