import { getErrorMessage, parseJson } from '../../common/index.js';
import { type SkippedCase, skip } from '../evaluation-case.js';
import { LINE_LENGTH_MAX, type Line } from '../source/lines.js';
import { isRecord } from '../values.js';
import { replaceBareNumbers } from './bare-numbers.js';

/** An object of a JSON Lines file. */
export interface JsonLine {
  kind: 'line';
  place: string;
  value: Readonly<Record<string, unknown>>;
}

/** Parses the lines. Lines that are not JSON objects are skipped with the reason, such as the last line of a cut file. */
export async function* parseLines(lines: AsyncIterable<Line>): AsyncGenerator<JsonLine | SkippedCase> {
  for await (const { number, text } of lines) {
    const place = `line ${number}`;
    if (text === null) yield skip(place, 'malformed', `the line is longer than ${LINE_LENGTH_MAX} characters`);
    else yield parseLine(place, text);
  }
}

function parseLine(place: string, text: string): JsonLine | SkippedCase {
  try {
    const value = parseWithBareNumbers(text);
    if (isRecord(value)) return { kind: 'line', place, value };
    return skip(place, 'malformed', 'the line is not a JSON object');
  } catch (error) {
    return skip(place, 'malformed', `the line is not JSON: ${getErrorMessage(error).slice(0, 200)}`);
  }
}

function parseWithBareNumbers(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return parseJson(replaceBareNumbers(text));
  }
}
