import { ContentError } from '../errors.js';
import { JsonReader } from './json-reader.js';

/** Structure at the beginning of a JSON text. */
export interface JsonOutline {
  /** The document is an array. Then keys are those of its first item. */
  isArray: boolean;
  /** Another value follows on a new line: JSON Lines. */
  isLines: boolean;
  /** Members of the document or of the first item. */
  keys: ReadonlySet<string>;
  /** Their members: of an object, or of the first item of an array. */
  inner: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Outlines a text that may be cut, or contain faults after its beginning. */
export function outlineJson(text: string): JsonOutline {
  const line = firstLine(text);
  const isLine = line !== null && isWholeValue(line.text);
  const outline = outlineValue(isLine ? line.text : text);
  return { ...outline, isLines: isLine && line.hasMore };
}

/** The first line that is not empty; null if it does not end in the text. */
function firstLine(text: string): { text: string; hasMore: boolean } | null {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  if (start < 0 || end < 0) return null;
  return { text: text.slice(start, end), hasMore: text.slice(end).trim() !== '' };
}

function isWholeValue(line: string): boolean {
  const reader = new JsonReader(() => 'skip');
  try {
    reader.push(line);
    reader.end();
    return true;
  } catch (error) {
    if (error instanceof ContentError) return false;
    throw error;
  }
}

/** The beginning is read in pieces; the piece with the first fault, character by character up to the fault. */
const PIECE = 4096;

function outlineValue(text: string): Omit<JsonOutline, 'isLines'> {
  const { outline, failedAt } = outlinePieces(text, text.length);
  return failedAt === null ? outline : outlinePieces(text, failedAt).outline;
}

/** @param careful position from which the text is read character by character */
function outlinePieces(
  text: string,
  careful: number,
): { outline: Omit<JsonOutline, 'isLines'>; failedAt: number | null } {
  const keys = new Set<string>();
  const inner = new Map<string, Set<string>>();
  const found = { isArray: false };
  const reader = new JsonReader((path) => {
    if (path[0] === '*') found.isArray = true;
    const [key, part, item] = found.isArray ? path.slice(1) : path;
    if (key === undefined) return 'enter';
    keys.add(key);
    const parts = inner.get(key) ?? new Set();
    inner.set(key, parts);
    if (part === undefined) return 'enter';
    if (part !== '*') parts.add(part);
    else if (item === undefined) return 'enter';
    else parts.add(item);
    return 'skip';
  });
  let from = 0;
  try {
    while (from < text.length) {
      const length = from < careful ? PIECE : 1;
      reader.push(text.slice(from, from + length));
      from += length;
    }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return { outline: { isArray: found.isArray, keys, inner }, failedAt: from };
  }
  return { outline: { isArray: found.isArray, keys, inner }, failedAt: null };
}
