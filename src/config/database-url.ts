import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { parseIntoClientConfig } from 'pg-connection-string';
import { splitServerUrls } from './server-urls.js';

/** Address of a server. A host that is a path is the folder of a Unix socket. */
export interface ServerAddress {
  host: string;
  port: number;
}

const SESSION_TARGETS = ['any', 'read-write', 'read-only', 'primary', 'standby'] as const;
/** Required state of a server, as target_session_attrs of libpq. */
export type SessionTarget = (typeof SESSION_TARGETS)[number];

/** Connection parameters of a PostgreSQL server. */
export interface DatabaseConnection extends ServerAddress {
  /** Servers to use if this one is unavailable or not in the required state. */
  alternatives?: readonly ServerAddress[];
  /** Required state of the server; default: any. */
  sessionTarget?: SessionTarget;
  user: string;
  password?: string | undefined;
  database: string;
  ssl: false | ConnectionOptions;
  /** Channel binding of SCRAM. */
  channelBinding: 'disable' | 'prefer' | 'require';
  /** Further parameters for PostgreSQL. */
  options?: string | undefined;
  applicationName?: string | undefined;
}

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof SSL_MODES)[number];
const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const;
/** Values of `ssl` in asyncpg and SQLAlchemy. */
const SSL_SYNONYMS: Readonly<Record<string, SslMode>> = {
  true: 'require',
  '1': 'require',
  false: 'disable',
  '0': 'disable',
};
const PARAMETERS = [
  'sslmode',
  'ssl',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
  'host',
  'port',
  'user',
  'password',
  'options',
  'application_name',
  'target_session_attrs',
];
/** Parameters that are handled here. */
const NOT_FOR_PG = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'channel_binding', 'target_session_attrs'];
const DEFAULT_PORT = 5432;

/**
 * Parses a database URL: `postgresql://user:password@host:port/database?sslmode=require&channel_binding=require`.
 * `ssl=require` is a synonym of `sslmode=require`; SQLAlchemy's `postgresql+asyncpg://` is accepted. The modes have the
 * semantics of libpq: `require` encrypts without verifying the certificate (unless `sslrootcert` is given); `verify-ca` and
 * `verify-full` verify it. A host that is a path (`?host=/run/postgresql`) is the folder of a Unix socket. Several servers
 * are possible: `postgresql://user@first:5432,second:5432/database?target_session_attrs=read-write`.
 *
 * @throws Error that names the reason without the URL, which may contain a password
 */
export function parseDatabaseUrl(text: string): DatabaseConnection {
  const [first, ...others] = splitServerUrls(text).map(parseServerUrl);
  if (!first) throw new Error('names no server');
  return others.length === 0 ? first : { ...first, alternatives: others.map(({ host, port }) => ({ host, port })) };
}

/** Formats all servers of the connection, for messages. */
export function formatServers({ host, port, alternatives = [] }: DatabaseConnection): string {
  return [{ host, port }, ...alternatives].map((server) => `${server.host}:${server.port}`).join(', ');
}

function parseServerUrl(text: string): DatabaseConnection {
  const url = parseUrl(text.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:'));
  const parameters = url.searchParams;
  const unknown = [...parameters.keys()].filter((name) => !PARAMETERS.includes(name));
  if (unknown.length > 0) {
    throw new Error(`has the unknown parameter ${unknown.join(', ')}; known are ${PARAMETERS.join(', ')}`);
  }
  const mode = parseSslMode(parameters);
  const channelBinding = parseChoice(
    'channel_binding',
    parameters.get('channel_binding') ?? 'prefer',
    CHANNEL_BINDINGS,
  );
  const target = parameters.get('target_session_attrs');
  const ssl = buildSslOptions(mode, parameters);
  if (channelBinding === 'require' && !ssl) {
    throw new Error('has channel_binding=require without TLS: add sslmode=require or stronger');
  }
  for (const name of NOT_FOR_PG) parameters.delete(name);

  const config = parseIntoClientConfig(url.toString());
  if (!config.host || !config.user || !config.database) {
    throw new Error('must name a host, a user and a database: postgresql://user:password@host:5432/database');
  }
  return {
    host: config.host,
    port: config.port ?? DEFAULT_PORT,
    user: config.user,
    password: typeof config.password === 'string' && config.password !== '' ? config.password : undefined,
    database: config.database,
    ssl,
    channelBinding,
    options: config.options,
    applicationName: config.application_name,
    ...(target !== null && { sessionTarget: parseChoice('target_session_attrs', target, SESSION_TARGETS) }),
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['postgresql:', 'postgres:'].includes(url.protocol)) {
    throw new Error('must be a URL such as postgresql://user:password@host:5432/database?sslmode=require');
  }
  return url;
}

function parseSslMode(parameters: URLSearchParams): SslMode {
  const ssl = parameters.get('ssl');
  const mode = parameters.get('sslmode') ?? (ssl === null ? 'disable' : (SSL_SYNONYMS[ssl] ?? ssl));
  return parseChoice(parameters.has('sslmode') ? 'sslmode' : 'ssl', mode, SSL_MODES);
}

function buildSslOptions(mode: SslMode, parameters: URLSearchParams): false | ConnectionOptions {
  if (mode === 'disable') return false;
  const ca = readParameterFile(parameters, 'sslrootcert');
  const identity = {
    ...readParameterFile(parameters, 'sslcert', 'cert'),
    ...readParameterFile(parameters, 'sslkey', 'key'),
  };
  if (mode === 'require' && !ca) return { ...identity, rejectUnauthorized: false };
  if (mode === 'verify-full') return { ...identity, ...ca };
  // As in libpq: with a root certificate, `require` verifies the chain like `verify-ca`, but not the host name.
  if (!ca) throw new Error('has sslmode=verify-ca without sslrootcert: name the certificate, or use verify-full');
  return { ...identity, ...ca, checkServerIdentity: () => undefined };
}

function readParameterFile(parameters: URLSearchParams, name: string, key = 'ca'): Record<string, string> | undefined {
  const path = parameters.get(name);
  if (path === null) return undefined;
  try {
    return { [key]: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new Error(
      `names a file for ${name} that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      {
        cause: error,
      },
    );
  }
}

function parseChoice<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`has ${name}=${value}, which must be one of ${allowed.join(', ')}`);
  return found;
}
