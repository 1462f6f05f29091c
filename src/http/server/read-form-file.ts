import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { DomainError, getErrorMessage } from '../../common/index.js';
import type { FormFile } from '../exchange/index.js';

/** Forms have one file. Parts have few, short headers. */
const LIMITS = { files: 1, fields: 1, parts: 3, headerPairs: 20, headerSize: 8 * 1024 };

/** Returns the only file of a form. It is read while the form is received. */
export function openFormFile(request: IncomingMessage, contentType: string): FormFile {
  const file: FormFile = { content: [] as unknown as AsyncIterable<Uint8Array>, name: null };
  file.content = readFormFile(request, contentType, (name) => (file.name = name));
  return file;
}

/**
 * Reads the file. The request is not destroyed, so that the client receives the response.
 *
 * @throws DomainError `malformed_request` if the form is damaged, or has no file or anything else, also after the last chunk
 */
async function* readFormFile(
  request: IncomingMessage,
  contentType: string,
  onName: (name: string) => void,
): AsyncGenerator<Uint8Array> {
  const parser = createParser(contentType);
  const body = Readable.from(request.iterator({ destroyOnReturn: false }));
  const refuse = (problem: string): void => {
    body.destroy(invalidForm(problem));
  };
  const parsed: Promise<void> = pipeline(body, parser);
  const found = new Promise<BusboyFileStream | null>((resolve) => {
    parser.on('file', (_field, file, name) => {
      onName(name);
      // The failure of the form is reported by `parsed`.
      file.on('error', () => undefined);
      resolve(file);
    });
    parsed.then(
      () => {
        resolve(null);
      },
      () => {
        resolve(null);
      },
    );
  });
  parser.on('field', (name) => {
    refuse(`has the field ${JSON.stringify(name.slice(0, 100))}, which is not a file; options are query parameters`);
  });
  parser.on('filesLimit', () => {
    refuse('has more than one file');
  });
  try {
    const file = await found;
    if (file) yield* readFile(file, parsed);
    await parsed;
    if (!file) throw invalidForm('has no file');
  } catch (error) {
    throw toDomainError(error);
  } finally {
    body.destroy();
  }
}

/** Reads the file. If the form fails, the file ends with the error. */
async function* readFile(file: BusboyFileStream, parsed: Promise<void>): AsyncGenerator<Uint8Array> {
  parsed.catch((error: unknown) => file.destroy(error as Error));
  yield* file as AsyncIterable<Uint8Array>;
}

function createParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
  } catch (error) {
    throw toDomainError(error);
  }
}

function toDomainError(error: unknown): unknown {
  if (error instanceof DomainError || (error as NodeJS.ErrnoException).code === 'ECONNRESET') return error;
  return invalidForm(`is not valid multipart/form-data: ${getErrorMessage(error)}`);
}

function invalidForm(problem: string): DomainError {
  return new DomainError('malformed_request', `The form ${problem}. Nothing was changed.`);
}
