import { ContentError, type FilePosition } from '../errors.js';
import { JsonReader, type Selected, type Selection } from './json-reader.js';

/** Opens the text for another pass. */
export type OpenText = () => AsyncIterable<string>;

/**
 * Reads the selected values of a JSON document, in the order of their ends.
 *
 * @throws ContentError with the position, if the text is not JSON
 */
export async function* readJson(openText: OpenText, select: Selection): AsyncGenerator<Selected> {
  const reader = new JsonReader(select);
  try {
    for await (const chunk of openText()) yield* reader.push(chunk);
    yield* reader.end();
  } catch (error) {
    if (!(error instanceof ContentError) || error.position !== null) throw error;
    throw new ContentError(error.message, await locate(openText, select), { cause: error });
  }
}

/** Position of the fault: parses again, the piece with the fault character by character. */
async function locate(openText: OpenText, select: Selection): Promise<FilePosition | null> {
  const position = { line: 1, column: 1 };
  let chunks = 0;
  try {
    const failing = await findFailingChunk(openText, select);
    const reader = new JsonReader(select);
    for await (const chunk of openText()) {
      if (chunks === failing) {
        for (const character of chunk) {
          reader.push(character);
          move(position, character);
        }
      } else reader.push(chunk);
      if (chunks !== failing) move(position, chunk);
      chunks += 1;
    }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
  }
  return position;
}

async function findFailingChunk(openText: OpenText, select: Selection): Promise<number> {
  const reader = new JsonReader(select);
  let chunks = 0;
  for await (const chunk of openText()) {
    try {
      reader.push(chunk);
    } catch (error) {
      if (error instanceof ContentError) return chunks;
      throw error;
    }
    chunks += 1;
  }
  return chunks;
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
