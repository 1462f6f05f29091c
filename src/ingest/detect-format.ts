import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { ContentError } from './errors.js';
import type { EvaluationFormat } from './evaluation-case.js';
import { BareNumbers } from './json/bare-numbers.js';
import { outlineJson, type JsonOutline } from './json/outline.js';
import { isGzip, readPrefix } from './source/bytes.js';
import type { EvaluationFile } from './source/evaluation-file.js';
import { detectEncoding } from './source/text.js';

/** Bytes from which the format is detected. */
const PREFIX_BYTES = 1024 * 1024;

/** Members of a result of promptfoo that an export in one document does not have. */
const PROMPTFOO_ROW = ['success', 'gradingResult', 'failureReason', 'provider', 'testIdx', 'promptIdx', 'latencyMs'];

/** How the content is arranged. */
export type Layout = 'xml' | 'zip' | 'document' | 'array' | 'lines' | 'results';

/** An evaluation file whose format is known. */
export interface RecognizedFile {
  file: EvaluationFile;
  detected: DetectedFormat;
}

export interface DetectedFormat {
  format: EvaluationFormat;
  layout: Layout;
}

/**
 * Detects the format from the content. The name of the file does not matter.
 *
 * @param format the format, if it is known; then only the layout is detected
 * @throws ContentError if the content is of no known format
 */
export async function detectFormat(file: EvaluationFile, format?: EvaluationFormat): Promise<DetectedFormat> {
  const prefix = await readContentPrefix(file);
  if (prefix.length === 0) throw new ContentError('is empty');
  if (prefix.subarray(0, 2).toString('latin1') === 'PK') {
    if (isGzip(await readPrefix(file, 2))) throw new ContentError('is an archive compressed with gzip; decompress it');
    return accept('inspect', 'zip', format);
  }
  if (prefix.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) {
    throw new ContentError('is compressed with Zstandard; decompress it first');
  }
  const text = decodePrefix(prefix);
  const start = text.trimStart();
  if (start === '') throw new ContentError('is empty');
  if (start.startsWith('<')) return accept('junit', 'xml', format);
  if (!/^[{[]/.test(start)) throw new ContentError('is neither XML, JSON, JSON Lines nor an Inspect archive');
  const filter = new BareNumbers();
  const outline = outlineJson(filter.push(text));
  return format === undefined ? detectJson(outline) : { format, layout: layoutOf(outline, format) };
}

function accept(format: EvaluationFormat, layout: Layout, asked: EvaluationFormat | undefined): DetectedFormat {
  if (asked !== undefined && asked !== format) {
    throw new ContentError(`has the content of the format ${format}, not of ${asked}`);
  }
  return { format, layout };
}

function detectJson(outline: JsonOutline): DetectedFormat {
  const format = formatOf(outline);
  if (format !== null) return { format, layout: layoutOf(outline, format) };
  const keys = [...outline.keys].slice(0, 10).join(', ');
  throw new ContentError(
    `is JSON of no known format (its members: ${keys === '' ? 'none' : keys}); if it is one of them, name the format`,
  );
}

/** Format by the members of the document, or of the first item of a list. */
function formatOf({ keys, inner }: JsonOutline): EvaluationFormat | null {
  const has = (...names: string[]): boolean => names.every((name) => keys.has(name));
  if (has('eval') && ['version', 'status', 'samples', 'plan'].some((name) => keys.has(name))) return 'inspect';
  if (has('evaluation_results') || has('sample_id', 'evaluation') || has('sample_id', 'evaluation_id'))
    return 'every-eval-ever';
  if (has('evalId') || has('gradingResult') || has('failureReason') || has('success', 'provider')) return 'promptfoo';
  if (has('results') && ['configs', 'versions', 'config', 'n-shot', 'task_hashes'].some((name) => keys.has(name))) {
    return inner.get('results')?.has('version') || inner.get('results')?.has('table') ? 'promptfoo' : 'lm-eval';
  }
  const results = inner.get('results');
  if (results?.has('results') || results?.has('table') || results?.has('outputs')) return 'promptfoo';
  if (has('doc_id') || has('doc_hash') || has('groups')) return 'lm-eval';
  if (results?.has('version') || (has('results') && has('version', 'timestamp'))) return 'promptfoo';
  return has('samples') && inner.get('samples')?.has('epoch') ? 'inspect' : null;
}

function layoutOf({ keys, isArray, isLines }: JsonOutline, format: EvaluationFormat): Layout {
  if (isArray) return 'array';
  if (format === 'lm-eval') return keys.has('results') || keys.has('groups') ? 'results' : 'lines';
  if (format === 'promptfoo') return PROMPTFOO_ROW.some((member) => keys.has(member)) ? 'lines' : 'document';
  if (format === 'every-eval-ever') return isLines ? 'lines' : 'document';
  return 'document';
}

async function readContentPrefix(file: EvaluationFile): Promise<Buffer> {
  const prefix = await readPrefix(file, PREFIX_BYTES);
  if (!isGzip(prefix)) return prefix;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The prefix ends inside of the compressed data, which is an error only after its content.
    for await (const chunk of Readable.from([prefix]).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= PREFIX_BYTES) break;
    }
  } catch (error) {
    if (length === 0) throw new ContentError('is damaged gzip', null, { cause: error });
  }
  return Buffer.concat(chunks).subarray(0, PREFIX_BYTES);
}

/** Decodes without errors: a character may be cut at the end. */
function decodePrefix(prefix: Buffer): string {
  try {
    return new TextDecoder(detectEncoding(prefix)).decode(prefix, { stream: true });
  } catch (error) {
    throw new ContentError('has an unknown encoding', null, { cause: error });
  }
}
