import { jsonParser, type Token } from 'stream-json/core/parser.js';
import { getManyValues, isMany, none } from 'stream-chain/defs.js';
import { ContentError } from '../errors.js';
import { BoundedValue } from './bounded-value.js';

/** Nesting in a document, and length of a key in characters. More is refused. */
export const DOCUMENT_LIMITS = { depth: 500, key: 10_000, number: 1000 } as const;

/**
 * Decides what is read of a document.
 * - `enter`: go through the members
 * - `keep`: build the value; below it, members for which `skip` is returned are left out
 * - `skip`: ignore
 *
 * @param path keys from the root; `*` for an item of an array
 */
export type Selection = (path: readonly string[]) => 'enter' | 'keep' | 'skip';

/** A value that was kept. */
export interface Selected {
  path: readonly string[];
  value: unknown;
  /** Its texts or items were shortened to the limits. */
  cut: boolean;
  /** Number among the values of its array, from 0. */
  index: number;
}

type Mode = 'enter' | 'keep' | 'skip';
interface Level {
  mode: Mode;
  isArray: boolean;
  count: number;
}

/** Reads a JSON document in pieces. Only values that are kept are built, and those are bounded. */
export class JsonReader {
  private readonly parse = jsonParser({ packValues: false, streamValues: true });
  private readonly levels: Level[] = [];
  private readonly path: string[] = [];
  private text: string[] = [];
  private textLength = 0;
  private isKey = false;
  private key = '';
  /** Mode of the scalar that is being read. */
  private scalarMode: Mode = 'skip';
  private building: BoundedValue | null = null;
  private found: Selected[] = [];

  constructor(private readonly select: Selection) {}

  /** @throws ContentError if the text is not JSON */
  push(chunk: string): Selected[] {
    return this.consume(chunk);
  }

  /** @throws ContentError if the document is incomplete */
  end(): Selected[] {
    return this.consume(none);
  }

  private consume(chunk: string | typeof none): Selected[] {
    let tokens: unknown;
    try {
      tokens = this.parse(chunk as string);
    } catch (cause) {
      throw new ContentError(describe(cause), null, { cause });
    }
    if (isMany(tokens)) for (const token of getManyValues(tokens) as Token[]) this.take(token);
    const { found } = this;
    this.found = [];
    return found;
  }

  private take(token: Token): void {
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        this.open(token.name === 'startArray');
        break;
      case 'endObject':
      case 'endArray':
        this.close();
        break;
      case 'startKey':
        this.isKey = true;
        this.startText();
        break;
      case 'endKey':
        this.isKey = false;
        this.key = this.text.join('');
        break;
      case 'startString':
      case 'startNumber':
        this.scalarMode = this.startValue();
        this.startText();
        break;
      case 'stringChunk':
      case 'numberChunk':
        this.addText(token.value, token.name === 'numberChunk');
        break;
      case 'endString':
        this.scalar(this.text.join(''), this.textLength);
        break;
      case 'endNumber':
        this.scalar(Number(this.text.join('')), 1);
        break;
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        this.scalarMode = this.startValue();
        this.scalar(token.value, 1);
        break;
      default:
        // Packed values and white space are not requested.
        break;
    }
  }

  private startText(): void {
    this.text = [];
    this.textLength = 0;
  }

  private addText(chunk: string, isNumber: boolean): void {
    this.textLength += chunk.length;
    if (this.isKey) {
      if (this.textLength > DOCUMENT_LIMITS.key) throw new ContentError('has a key that is too long');
      this.text.push(chunk);
    } else if (isNumber) {
      if (this.textLength > DOCUMENT_LIMITS.number) throw new ContentError('has a number that is too long');
      this.text.push(chunk);
    } else if (this.scalarMode === 'keep' && this.textLength - chunk.length < BoundedValue.TEXT_MAX) {
      this.text.push(chunk);
    }
  }

  /** Mode of the value that begins here. Adds its name to the path. */
  private startValue(): Mode {
    const parent = this.levels.at(-1);
    if (parent === undefined) return this.select(this.path);
    parent.count += 1;
    if (parent.mode === 'skip') return 'skip';
    this.path.push(parent.isArray ? '*' : this.key);
    const mode = this.select(this.path);
    return parent.mode === 'keep' && mode === 'enter' ? 'keep' : mode;
  }

  private endValue(): void {
    if (this.levels.length > 0 && this.levels.at(-1)?.mode !== 'skip') this.path.pop();
  }

  private open(isArray: boolean): void {
    const mode = this.startValue();
    if (this.levels.length >= DOCUMENT_LIMITS.depth) {
      throw new ContentError(`is nested deeper than ${DOCUMENT_LIMITS.depth} levels`);
    }
    if (mode === 'keep') {
      this.building ??= new BoundedValue();
      this.building.open(isArray, this.key);
    }
    this.levels.push({ mode, isArray, count: 0 });
  }

  private close(): void {
    const mode = this.levels.pop()?.mode ?? 'skip';
    if (mode === 'keep') this.building?.close();
    this.finish(mode);
  }

  private scalar(value: unknown, length: number): void {
    if (this.scalarMode === 'keep') {
      this.building ??= new BoundedValue();
      this.building.add(value, this.key, length);
    }
    this.finish(this.scalarMode);
  }

  /** Reports the value if it is kept and its parent is not. */
  private finish(mode: Mode): void {
    const parent = this.levels.at(-1);
    if (mode === 'keep' && parent?.mode !== 'keep' && this.building) {
      const { value, cut } = this.building;
      this.found.push({ path: [...this.path], value, cut, index: (parent?.count ?? 1) - 1 });
      this.building = null;
    }
    this.endValue();
  }
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `is not JSON: ${message.replace(/^Parser (?:cannot parse input: )?(?:has )?/, '')}`;
}
