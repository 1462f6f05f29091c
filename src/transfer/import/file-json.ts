import { getErrorMessage, parseJson } from '../../common/index.js';

/** An object has the same key twice. JSON.parse would ignore the first value. */
export class RepeatedKeyError extends Error {
  override readonly name = 'RepeatedKeyError';
}

/**
 * Parses JSON from a file.
 *
 * @throws SyntaxError if the text is not JSON
 * @throws RepeatedKeyError if an object has the same key twice
 */
export function parseFileJson(text: string): unknown {
  const value = parseJson(text);
  const key = repeatedKey(text);
  if (key !== null) throw new RepeatedKeyError(`has the key ${JSON.stringify(key.slice(0, 100))} twice in one object`);
  return value;
}

/** Describes a parse error, to be appended to the name of the place. */
export function describeJsonProblem(error: unknown): string {
  return error instanceof RepeatedKeyError ? error.message : `is not JSON: ${getErrorMessage(error)}`;
}

/** Finds the first repeated key of an object in valid JSON. */
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

/** Position of the closing quote of the string that starts here. */
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
