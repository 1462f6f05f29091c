import { getErrorMessage, parseJson } from '../../common/index.js';

/** Thrown on JSON of which JSON.parse would drop a part without a word. */
export class RepeatedKeyError extends Error {
  override readonly name = 'RepeatedKeyError';
}

/**
 * Parses JSON from a file.
 *
 * @throws SyntaxError on what isn't JSON
 * @throws RepeatedKeyError when an object has the same key twice: JSON.parse would keep the last
 */
export function parseFileJson(text: string): unknown {
  const value = parseJson(text);
  const key = repeatedKey(text);
  if (key !== null) throw new RepeatedKeyError(`has the key ${JSON.stringify(key.slice(0, 100))} twice in one object`);
  return value;
}

/** Why a text can't be parsed, to stand behind the name of its place. */
export function jsonProblem(error: unknown): string {
  return error instanceof RepeatedKeyError ? error.message : `is not JSON: ${getErrorMessage(error)}`;
}

/** The first key that stands twice in an object of this text, which is known to be JSON. */
function repeatedKey(text: string): string | null {
  const objects: Set<string>[] = [];
  const sign = /["{}]/g;
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    if (found[0] === '{') objects.push(new Set());
    else if (found[0] === '}') objects.pop();
    else {
      const start = sign.lastIndex;
      const end = endOfString(text, start);
      sign.lastIndex = end + 1;
      if (!isBeforeColon(text, end + 1)) continue;
      const written = text.slice(start, end);
      const key = written.includes('\\') ? (parseJson(`"${written}"`) as string) : written;
      const keys = objects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return null;
}

/** Where the quote is that ends the string which begins here. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}

function isBeforeColon(text: string, from: number): boolean {
  const next = /[^ \t\r\n]/g;
  next.lastIndex = from;
  return next.exec(text)?.[0] === ':';
}
