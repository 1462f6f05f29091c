import { ContentError, type FilePosition } from '../errors.js';
import { JsonReader, type Selection } from './json-reader.js';

/** Opens the text for another pass. */
export type OpenText = () => AsyncIterable<string>;

/** Characters after a fault that the parser reads before it reports it. */
const LOOKAHEAD = 24;
/** Faults that are reported late, by message: in a string, and in a word. */
const LATE_FAULTS: readonly [message: string, fault: RegExp][] = [
  ['escaped characters', /[\u0000-\u001f]|\\(?!["\\/bfnrtu])|\\u(?![0-9A-Fa-f]{4})/],
  ['expected a value', /[A-Za-z]\w*\W*$/],
];

/** Position of the fault: parses again, the piece with the fault character by character. */
export async function locateFault(openText: OpenText, select: Selection): Promise<FilePosition> {
  const failing = await findFailingPiece(openText, select);
  const reader = new JsonReader(select);
  const position = { line: 1, column: 1 };
  const recent: { character: string; line: number; column: number }[] = [];
  let pieces = 0;
  try {
    for await (const piece of openText()) {
      for (const part of pieces === failing ? piece : [piece]) {
        if (pieces === failing) recent.push({ character: part, ...position });
        if (recent.length > LOOKAHEAD) recent.shift();
        reader.push(part);
        move(position, part);
      }
      pieces += 1;
    }
    reader.end();
    return position;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    const text = recent.map(({ character }) => character[0]).join('');
    const late = LATE_FAULTS.find(([message]) => error.message.includes(message));
    const fault = late && recent[text.search(late[1])];
    return fault ? { line: fault.line, column: fault.column } : position;
  }
}

/** Number of the piece that cannot be parsed; of the last piece if the text ends too early. */
async function findFailingPiece(openText: OpenText, select: Selection): Promise<number> {
  const reader = new JsonReader(select);
  let pieces = 0;
  try {
    for await (const piece of openText()) {
      reader.push(piece);
      pieces += 1;
    }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return pieces;
  }
  return pieces - 1;
}

function move(position: FilePosition, text: string): void {
  const last = text.lastIndexOf('\n');
  if (last < 0) {
    position.column += text.length;
    return;
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) position.line += 1;
  position.column = text.length - last;
}
