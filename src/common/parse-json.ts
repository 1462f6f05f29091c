/** A key with an escape: the last one in it, up to the colon. Also met in strings that aren't keys, which costs only time. */
const ESCAPED_KEY = /\\[^][^"\\]*"\s*:/;
const COLON = /\s*:/y;

/**
 * JSON.parse for text from outside and from the database.
 *
 * V8 of Node 23 and later (nodejs/node issue 63785) compares the key that it expects with the source of a key: after
 * `{"\\":1}` it reads `{"\u00e9":1}` as `{"\\":1}`. Keys without escapes aren't concerned, so others are parsed under
 * names without any.
 *
 * @throws SyntaxError as JSON.parse
 */
export function parseJson(text: string): unknown {
  if (!text.includes('\\') || !ESCAPED_KEY.test(text)) return JSON.parse(text);
  // Only of JSON that is valid is it known where strings begin and end.
  JSON.parse(text);
  const { named, keys } = replaceKeys(text);
  return restoreKeys(JSON.parse(named), keys);
}

/** The JSON with a name in place of each key, by its place in `keys`. */
function replaceKeys(text: string): { named: string; keys: string[] } {
  const keys: string[] = [];
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const next = findStringEnd(text, start) + 1;
    COLON.lastIndex = next;
    if (COLON.test(text)) {
      // As a value, of which the fault isn't known.
      const key = JSON.parse(text.slice(start, next)) as string;
      parts.push(text.slice(from, start), `"k${keys.push(key) - 1}"`);
      from = next;
    }
    start = text.indexOf('"', next);
  }
  parts.push(text.slice(from));
  return { named: parts.join(''), keys };
}

/** Where the quote is that closes the string: the first one that no backslash escapes. */
function findStringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = end;
    while (text[escapes - 1] === '\\') escapes--;
    if ((end - escapes) % 2 === 0) return end;
  }
}

/** The value with its keys. Without recursion, as JSON may be nested deeper than the stack. */
function restoreKeys(named: unknown, keys: readonly string[]): unknown {
  const whole: unknown[] = [];
  const waiting: [source: object, target: object][] = [[[named], whole]];
  for (const [source, target] of waiting) {
    for (const [name, item] of Object.entries(source) as [string, unknown][]) {
      const key = Array.isArray(source) ? name : (keys[Number(name.slice(1))] ?? name);
      let value = item;
      if (typeof item === 'object' && item !== null) {
        value = Array.isArray(item) ? [] : {};
        waiting.push([item, value as object]);
      }
      // An assignment to __proto__ would be none.
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    }
  }
  return whole[0];
}
