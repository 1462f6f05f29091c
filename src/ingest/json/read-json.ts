import { ContentError } from '../errors.js';
import { BareNumbers, UNFINISHED_WORD } from './bare-numbers.js';
import { JsonReader, type Selected, type Selection } from './json-reader.js';
import { locateFault, type OpenText } from './locate-fault.js';

export type { OpenText };

/**
 * Reads the selected values of a JSON document, in the order of their ends. Bare NaN and Infinity are read as infinite numbers.
 *
 * @throws ContentError with the position, if the text is not JSON
 */
export async function* readJson(openText: OpenText, select: Selection): AsyncGenerator<Selected> {
  let given = 0;
  const text = new WatchedText(openText);
  try {
    for await (const selected of parse(text.open(), select)) {
      given += 1;
      yield selected;
    }
    return;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    if (!text.hasBareNumbers) throw await withPosition(error, openText, select);
  }
  yield* readWithBareNumbers(openText, select, given);
}

/** Reads again, with the bare words replaced, and leaves out the values that were given already. */
async function* readWithBareNumbers(openText: OpenText, select: Selection, given: number): AsyncGenerator<Selected> {
  const openReplaced: OpenText = () => replaceBareNumbers(openText());
  let found = 0;
  try {
    for await (const selected of parse(openReplaced(), select)) {
      found += 1;
      if (found > given) yield selected;
    }
  } catch (error) {
    throw error instanceof ContentError ? await withPosition(error, openReplaced, select) : error;
  }
}

async function* parse(text: AsyncIterable<string>, select: Selection): AsyncGenerator<Selected> {
  const reader = new JsonReader(select);
  for await (const chunk of text) yield* reader.push(chunk);
  yield* reader.end();
}

async function* replaceBareNumbers(text: AsyncIterable<string>): AsyncGenerator<string> {
  const filter = new BareNumbers();
  for await (const chunk of text) yield filter.push(chunk);
  yield filter.end();
}

/** Length of Infinity without its last character. */
const OVERLAP = 7;

/** Text in which the bare words are looked for, also in strings. Most texts have none and need no filter. */
class WatchedText {
  private hasWord = false;
  private endsInWord = false;

  constructor(private readonly openText: OpenText) {}

  /** Whether the text so far has such a word, or the beginning of one at its end. */
  get hasBareNumbers(): boolean {
    return this.hasWord || this.endsInWord;
  }

  async *open(): AsyncGenerator<string> {
    let before = '';
    for await (const chunk of this.openText()) {
      this.hasWord ||= /NaN|Infinity/.test(before + chunk.slice(0, OVERLAP)) || /NaN|Infinity/.test(chunk);
      before = (before + chunk).slice(-OVERLAP);
      this.endsInWord = UNFINISHED_WORD.test(before);
      yield chunk;
    }
  }
}

async function withPosition(error: ContentError, openText: OpenText, select: Selection): Promise<ContentError> {
  if (error.position !== null) return error;
  return new ContentError(error.message, await locateFault(openText, select), { cause: error });
}
