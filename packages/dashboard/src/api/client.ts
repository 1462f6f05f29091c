import { getApiKey } from './session.js';

/** Root of the service, which may be behind a path prefix. */
const ROOT = document.baseURI;

/** A problem document (RFC 9457), or a request without a response. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: readonly { field: string; detail: string }[] = [],
  ) {
    super(message);
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

interface RequestOptions {
  query?: Query;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** An object is sent as JSON, a Blob as it is. */
  body?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** URL of a path below the service's root. Empty values are omitted. */
export function toUrl(path: string, query: Query = {}): string {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** Headers that identify the caller. */
export function authorization(): Record<string, string> {
  const key = getApiKey();
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

/**
 * Sends a request and reads the JSON response; null if the response has no body.
 *
 * @throws ApiError with the problem document; `unreachable` without a response
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { query, method = 'GET', body, headers, signal } = options;
  const isFile = body instanceof Blob;
  const response = await fetch(toUrl(path, query), {
    method,
    headers: {
      accept: 'application/json',
      ...authorization(),
      ...(body !== undefined && { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
    credentials: 'omit',
  }).catch((cause: unknown) => {
    if ((cause as Error).name === 'AbortError') throw cause;
    throw new ApiError(0, 'unreachable', 'The service is not reachable.');
  });
  const text = await response.text();
  if (response.ok) return (text === '' ? null : JSON.parse(text)) as T;
  throw toApiError(response.status, text);
}

export function toApiError(status: number, text: string): ApiError {
  try {
    const { code, detail, title, errors } = JSON.parse(text) as Partial<Record<'code' | 'detail' | 'title', string>> & {
      errors?: { field: string; detail: string }[];
    };
    return new ApiError(status, code ?? 'unknown', detail ?? title ?? `Status ${status}`, errors);
  } catch {
    return new ApiError(status, 'unknown', `The service responded with status ${status}.`);
  }
}

/** A key for a write that may be sent again. `crypto.randomUUID` exists on secure origins only. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
