/** Text that the JSON parser reads as an infinite number, in place of NaN and Infinity. */
const NOT_FINITE = '9e999';
/** Longest beginning of `-Infinity` that a chunk can end with. */
export const UNFINISHED_WORD = /(?<![A-Za-z])(?:-?I(?:n(?:f(?:i(?:n(?:i(?:t)?)?)?)?)?)?|Na?|-)$/;

/** The end of a string, or an escape in it. */
const SIGN = /["\\]/g;

/**
 * Replaces the bare words NaN, Infinity and -Infinity, which Python writes and JSON does not have, by a number that is read as
 * infinite. The text may be cut anywhere between calls.
 */
export class BareNumbers {
  private inString = false;
  /** The last character was an escaping backslash. */
  private escaped = false;
  private kept = '';

  push(chunk: string): string {
    const text = this.kept + chunk;
    this.kept = '';
    const parts: string[] = [];
    let from = 0;
    for (;;) {
      if (this.inString) {
        const end = this.endOfString(text, from);
        if (end < 0) {
          parts.push(text.slice(from));
          return parts.join('');
        }
        parts.push(text.slice(from, end));
        from = end;
      } else {
        const quote = text.indexOf('"', from);
        const outside = quote < 0 ? text.slice(from) : text.slice(from, quote + 1);
        if (quote < 0) {
          parts.push(this.holdBack(outside));
          return parts.join('');
        }
        parts.push(replaceWords(outside));
        from = quote + 1;
        this.inString = true;
      }
    }
  }

  end(): string {
    return replaceWords(this.kept);
  }

  /** Position after the closing quote; -1 if the string does not end. */
  private endOfString(text: string, from: number): number {
    let position = from;
    if (this.escaped) {
      if (position >= text.length) return -1;
      position += 1;
      this.escaped = false;
    }
    SIGN.lastIndex = position;
    for (let sign = SIGN.exec(text); sign; sign = SIGN.exec(text)) {
      if (sign[0] === '"') {
        this.inString = false;
        return sign.index + 1;
      }
      if (sign.index + 1 >= text.length) this.escaped = true;
      SIGN.lastIndex = sign.index + 2;
    }
    return -1;
  }

  /** Keeps the beginning of a word at the end for the next chunk. */
  private holdBack(outside: string): string {
    const unfinished = UNFINISHED_WORD.exec(outside)?.[0] ?? '';
    this.kept = unfinished;
    return replaceWords(outside.slice(0, outside.length - unfinished.length));
  }
}

function replaceWords(outside: string): string {
  if (!/[NI]/.test(outside)) return outside;
  return outside.replace(/(?<![\w.])(-?)(?:NaN|Infinity)(?!\w)/g, `$1${NOT_FINITE}`);
}

/** Replaces the words in a whole text. */
export function replaceBareNumbers(text: string): string {
  const filter = new BareNumbers();
  return filter.push(text) + filter.end();
}
