import { ContentError, type FilePosition } from '../errors.js';
import { JsonReader, type Selection } from './json-reader.js';

/** Opens the text for another pass. */
export type OpenText = () => AsyncIterable<string>;

/** Characters after a fault that the parser reads before it reports it. */
const LOOKAHEAD = 24;
/** Faults that are reported late, by message, with the characters that may follow: in a string, and in a word. */
const LATE_FAULTS: readonly [message: string, fault: RegExp, range: number][] = [
  ['escaped characters', /\p{Cc}|\\(?!["\\/bfnrtu])|\\u(?![0-9A-Fa-f]{4})/u, 8],
  ['expected a value', /[A-Za-z]\w*\W*$/, LOOKAHEAD],
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
      const careful = pieces === failing ? 0 : Math.max(0, piece.length - LOOKAHEAD);
      reader.push(piece.slice(0, careful));
      move(position, piece.slice(0, careful));
      for (const character of piece.slice(careful)) {
        recent.push({ character, ...position });
        if (recent.length > LOOKAHEAD) recent.shift();
        reader.push(character);
        move(position, character);
      }
      pieces += 1;
    }
    reader.end();
    return position;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    const text = recent.map(({ character }) => character[0]).join('');
    const [, late, range] = LATE_FAULTS.find(([message]) => error.message.includes(message)) ?? [];
    const from = Math.max(0, recent.length - (range ?? 0));
    const found = late === undefined ? -1 : text.slice(from).search(late);
    const fault = found < 0 ? undefined : recent[from + found];
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
