import { messageOf } from '../../common/error-message.js';
import { parseJson } from '../../common/parse-json.js';
import { isObject, type Item, LINE_LENGTH_MAX } from './items.js';
import { UnreadableFileError } from './utf8-text.js';

/** An object a line; lines without any are passed over. */
export async function* ndjsonItems(text: AsyncIterable<string>): AsyncGenerator<Item> {
  let number = 0;
  for await (const line of lines(text)) {
    number += 1;
    if (line.trim() !== '') yield itemOf(line, `line ${number}`);
  }
}

function itemOf(line: string, place: string): Item {
  try {
    const value: unknown = parseJson(line);
    return isObject(value) ? { place, value, length: line.length } : { place, problem: 'must be a JSON object' };
  } catch (error) {
    return { place, problem: `is not JSON: ${messageOf(error)}` };
  }
}

/** Cut at line feeds only: JSON may hold what else Unicode, and so node:readline, takes for the end of a line. */
async function* lines(text: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of text) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      yield parts.join('') + chunk.slice(from, end);
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > LINE_LENGTH_MAX) throw new UnreadableFileError(`A line is longer than ${LINE_LENGTH_MAX} characters.`);
  }
  yield parts.join('');
}
