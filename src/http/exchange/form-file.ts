import type { IncomingMessage } from 'node:http';

/** The file of a form, read from its request. */
export interface FormFile {
  content: AsyncIterable<Uint8Array>;
  /** Name that the client gives it, without folders. Null: none. Known after the content was read. */
  name: string | null;
}

const files = new WeakMap<IncomingMessage, FormFile>();

/** Declares that the body of the request is a form with a file. */
export function setFormFile(request: IncomingMessage, file: FormFile): void {
  files.set(request, file);
}

/** The file of the form; null if the body is no form. */
export function getFormFile(request: IncomingMessage): FormFile | null {
  return files.get(request) ?? null;
}
