import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import { getFormFile } from '../http/exchange/index.js';
import { type EvaluationFile, spoolEvaluationFile } from '../ingest/index.js';
import { disconnected, fileTooLarge } from './errors.js';

/** Name of a file without one. */
const UNNAMED = 'body';
const NAME_MAX = 255;
/** Bytes of a form besides its file. */
const FORM_BYTES = 64 * 1024;

/**
 * Copies the body of a request, or the file of a form, to a temporary file. Call `dispose` to delete it.
 *
 * @param name name of the file; default: that in the form
 * @throws DomainError `payload_too_large`; `malformed_request` if a form has not exactly one file; if the client disconnects
 */
export async function receiveFile(
  request: IncomingMessage,
  name: string | undefined,
  maxBytes: number,
): Promise<EvaluationFile> {
  const form = getFormFile(request);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes + (form ? FORM_BYTES : 0)) throw fileTooLarge(maxBytes);
  // The connection stays open, so that the client receives the response.
  const content = form?.content ?? (request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  try {
    const file = await spoolEvaluationFile(limit(content, maxBytes), UNNAMED);
    const given = name ?? form?.name?.slice(0, NAME_MAX) ?? UNNAMED;
    return { ...file, name: given, baseName: basename(given) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') throw disconnected(error);
    throw error;
  }
}

async function* limit(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw fileTooLarge(maxBytes);
    yield chunk;
  }
}
