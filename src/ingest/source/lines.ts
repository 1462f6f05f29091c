/** Maximum length of a line, in characters. A line is held in memory. */
export const LINE_LENGTH_MAX = 32 * 1024 * 1024;

export interface Line {
  /** From 1. */
  number: number;
  /** Null: longer than LINE_LENGTH_MAX. */
  text: string | null;
}

/** Splits at line feeds only; lines of spaces are left out. JSON can contain other Unicode line separators. */
export async function* readLines(text: AsyncIterable<string>, limit = LINE_LENGTH_MAX): AsyncGenerator<Line> {
  let number = 1;
  let parts: string[] = [];
  let length = 0;
  const finish = (): Line | null => {
    const line = length > limit ? null : parts.join('');
    parts = [];
    length = 0;
    return line?.trim() === '' ? null : { number, text: line };
  };
  const collect = (part: string): void => {
    length += part.length;
    if (length > limit) parts = [];
    else parts.push(part);
  };
  for await (const chunk of text) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      collect(chunk.slice(from, end));
      const line = finish();
      if (line !== null) yield line;
      number += 1;
      from = end + 1;
    }
    collect(chunk.slice(from));
  }
  const line = finish();
  if (line !== null) yield line;
}
