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

/** What each status of an error means here. */
const HINTS: Readonly<Record<number, string>> = {
  401: 'LVLUP_API_KEY must contain a valid API key or token',
  403: 'the key must have the scope read, and must not be limited to other agents',
  404: 'the agent or the path does not exist',
};

/**
 * Reads the eligibility document of an agent from a service. Redirects are not followed, so that the key is sent to the
 * given host only.
 *
 * @throws Error whose message gives the reason, without the key
 */
export async function fetchEligibility({ url, apiKey, timeoutMs }: RemoteService, agentType: string): Promise<unknown> {
  const target = buildTarget(url, agentType);
  const signal = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    const headers = { accept: 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) };
    response = await fetch(target, { headers, redirect: 'manual', signal });
    text = await readBody(response);
  } catch (error) {
    if (signal.aborted)
      throw new Error(`${url.origin} did not respond within ${timeoutMs / 1_000} seconds.`, { cause: error });
    throw new Error(`${url.origin} cannot be reached: ${describeConnectionError(error)}.`, { cause: error });
  }
  return toDocument(response, text, target);
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

function buildTarget(url: URL, agentType: string): URL {
  const path = `${url.pathname.replace(/\/+$/, '')}/api/custody/agents/${encodeURIComponent(agentType)}/eligibility`;
  const target = new URL(path, url.origin);
  // URLs resolve the segments "." and "..".
  if (agentType === '' || target.pathname !== path)
    throw new Error(`Invalid agent type: ${JSON.stringify(agentType)}.`);
  return target;
}

function toDocument(response: Response, text: string, target: URL): unknown {
  const { status, headers } = response;
  const location = headers.get('location');
  if (status >= 300 && status < 400) {
    const host =
      location !== null && URL.canParse(location, target.href) ? new URL(location, target).origin : 'another URL';
    throw new Error(
      `${target.origin} redirects to ${host} (status ${status}). Redirects are not followed: use that URL.`,
    );
  }
  const body = tryParse(text);
  if (status !== 200) throw new Error(describeStatus(status, body, target));
  if (body === undefined) {
    const type = shownText(headers.get('content-type') ?? 'no content type');
    throw new Error(
      `The response of ${target.origin} is not JSON (${type}). Check that the URL is that of the service.`,
    );
  }
  return body;
}

function describeStatus(status: number, body: unknown, { origin, pathname }: URL): string {
  const detail = (body as { detail?: unknown } | null | undefined)?.detail;
  const reason = typeof detail === 'string' ? shownText(detail) : `no problem document for ${pathname}`;
  const hint = HINTS[status];
  return `${origin} responded with status ${status}: ${reason}${hint === undefined ? '' : ` (${hint})`}`;
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > RESPONSE_MAX_BYTES) throw new Error(`the response is longer than ${RESPONSE_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
