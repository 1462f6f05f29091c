/** The last escape in a key, up to the colon. May also match in other strings, which only costs time. */
const ESCAPED_KEY = /\\[^][^"\\]*"\s*:/;
const COLON = /\s*:/y;

/**
 * Replacement of JSON.parse for external text and for the database.
 *
 * V8 of Node 23 and later compares an expected key with the source text of a key (nodejs/node issue 63785): after
 * `{"\\":1}`, it parses `{"\u00e9":1}` as `{"\\":1}`. Keys without escapes are not affected. Texts with such keys are
 * therefore parsed with substitute keys, which are restored afterwards.
 *
 * @throws SyntaxError like JSON.parse
 */
export function parseJson(text: string): unknown {
  if (!text.includes('\\') || !ESCAPED_KEY.test(text)) return JSON.parse(text);
  // Validates the text: the positions of strings are only defined in valid JSON.
  JSON.parse(text);
  const { named, keys } = replaceKeys(text);
  return restoreKeys(JSON.parse(named), keys);
}

/** Replaces each key by `k` and its index in `keys`. */
function replaceKeys(text: string): { named: string; keys: string[] } {
  const keys: string[] = [];
  const parts: string[] = [];
  let from = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const next = findStringEnd(text, start) + 1;
    COLON.lastIndex = next;
    if (COLON.test(text)) {
      // The defect does not affect values.
      const key = JSON.parse(text.slice(start, next)) as string;
      parts.push(text.slice(from, start), `"k${keys.push(key) - 1}"`);
      from = next;
    }
    start = text.indexOf('"', next);
  }
  parts.push(text.slice(from));
  return { named: parts.join(''), keys };
}

/** Index of the closing quote of the string: the first one that is not escaped. */
function findStringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = end;
    while (text[escapes - 1] === '\\') escapes--;
    if ((end - escapes) % 2 === 0) return end;
  }
}

/** Restores the keys. Not recursive, because JSON may be nested deeper than the stack. */
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
      // An assignment to __proto__ would set the prototype.
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    }
  }
  return whole[0];
}
