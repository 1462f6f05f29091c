import { parseJson, shownText } from '../../common/index.js';
import { describeConnectionError } from './connection-error.js';

/** Maximum size of a response, in bytes. */
const RESPONSE_MAX_BYTES = 1024 * 1024;

/** A service and how to call it. */
export interface RemoteService {
  url: URL;
  /** API key or token; undefined: none. */
  apiKey: string | undefined;
  timeoutMs: number;
}

/** A request to a service. */
export interface RemoteRequest {
  method: 'GET' | 'POST';
  /** Path and query below the URL of the service. */
  path: string;
  /** JSON text. */
  body?: string;
  /** Maximum size of the response in bytes. Default: 1 MiB. */
  responseMaxBytes?: number;
}

/** Response of a service, of any status except a redirect. */
export interface RemoteResponse {
  status: number;
  headers: Headers;
  /** Undefined: not JSON. */
  body: unknown;
  target: URL;
}

/** The service cannot be reached, or does not respond in time. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/**
 * Parses the URL of a service: http or https, optionally with a path prefix.
 *
 * @returns null if it is invalid
 */
export function parseServiceUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const { protocol, username, password, search, hash } = url;
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  return (protocol === 'https:' || protocol === 'http:') && isPlain ? url : null;
}

/** URL of a path of the service. */
export function buildTarget({ url }: RemoteService, path: string): URL {
  return new URL(`${url.pathname.replace(/\/+$/, '')}${path}`, url.origin);
}

/**
 * Sends a request to a service. Redirects are not followed, so that the key is sent to the given host only.
 *
 * @throws Error whose message gives the reason, without the key; UnreachableError if there is no response
 */
export async function sendRequest(service: RemoteService, request: RemoteRequest): Promise<RemoteResponse> {
  const { url, apiKey, timeoutMs } = service;
  const { method, path, body, responseMaxBytes = RESPONSE_MAX_BYTES } = request;
  const target = buildTarget(service, path);
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(target, {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    });
    text = await readBody(response, responseMaxBytes);
  } catch (cause) {
    const message = signal.aborted
      ? `${url.origin} did not respond within ${timeoutMs / 1_000} seconds.`
      : `${url.origin} cannot be reached: ${describeConnectionError(cause)}.`;
    throw new UnreachableError(message, { cause });
  }
  assertNoRedirect(response, target);
  return { status: response.status, headers: response.headers, body: tryParse(text), target };
}

/**
 * JSON body of a successful response.
 *
 * @param hints causes of a status, for the message
 * @throws Error with the status and the detail of the problem, or if the body is not JSON
 */
export function getJsonBody(response: RemoteResponse, hints: Readonly<Record<number, string>>): unknown {
  const { status, headers, body, target } = response;
  if (status !== 200) throw new Error(describeStatus(response, hints));
  if (body === undefined) {
    const type = shownText(headers.get('content-type') ?? 'no content type');
    throw new Error(
      `The response of ${target.origin} is not JSON (${type}). Check that the URL is that of the service.`,
    );
  }
  return body;
}

/** Describes a response that is not a success. */
export function describeStatus(
  { status, body, target: { origin, pathname } }: RemoteResponse,
  hints: Readonly<Record<number, string>>,
): string {
  const detail = (body as { detail?: unknown } | null | undefined)?.detail;
  const reason = typeof detail === 'string' ? shownText(detail) : `no problem document for ${pathname}`;
  const hint = hints[status];
  return `${origin} responded with status ${status}: ${reason}${hint === undefined ? '' : ` (${hint})`}`;
}

function assertNoRedirect({ status, headers }: Response, target: URL): void {
  if (status < 300 || status >= 400) return;
  const location = headers.get('location');
  const host =
    location !== null && URL.canParse(location, target.href) ? new URL(location, target).origin : 'another URL';
  throw new Error(
    `${target.origin} redirects to ${host} (status ${status}). Redirects are not followed: use that URL.`,
  );
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function readBody(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the response is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
