import { isNativeError } from 'node:util/types';

/** Codes of Node.js and OpenSSL for certificates and protocol versions that are not accepted. */
const TLS_CODE = /CERT|^ERR_(SSL|TLS)_|^UNABLE_TO_|^EPROTO$|^(HOSTNAME_MISMATCH|INVALID_CA|CRL_)/;
const MESSAGES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved at the moment',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the host does not respond',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not respond',
};

/** Describes why a request failed without a response. */
export function describeConnectionError(error: unknown): string {
  const { code, message } = findCause(error);
  if (code === undefined) return message;
  if (TLS_CODE.test(code)) {
    return `TLS failed (${code}). NODE_EXTRA_CA_CERTS names a file with further certificate authorities`;
  }
  return `${MESSAGES[code] ?? message} (${code})`;
}

/** The innermost error: `fetch` wraps the cause, and Node.js the errors of several addresses. */
function findCause(error: unknown): NodeJS.ErrnoException {
  if (!isNativeError(error)) return new Error(String(error));
  const { errors = [] } = error as { errors?: unknown[] };
  const inner = error.cause ?? errors[0];
  return inner === undefined ? error : findCause(inner);
}
