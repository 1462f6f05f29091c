import type { IncomingMessage } from 'node:http';
import { type EvaluationFile, spoolEvaluationFile } from '../ingest/index.js';
import { disconnected, fileTooLarge } from './errors.js';

/**
 * Copies the body of a request to a temporary file. Call `dispose` to delete it.
 *
 * @param name name of the file
 * @throws DomainError `payload_too_large`; if the client disconnects
 */
export async function receiveFile(request: IncomingMessage, name: string, maxBytes: number): Promise<EvaluationFile> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw fileTooLarge(maxBytes);
  try {
    return await spoolEvaluationFile(limit(request, maxBytes), name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') throw disconnected(error);
    throw error;
  }
}

async function* limit(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  // The connection stays open, so that the client receives the response.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw fileTooLarge(maxBytes);
    yield chunk;
  }
}
