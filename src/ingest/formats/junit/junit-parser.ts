import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { ContentError, type FilePosition } from '../../errors.js';

/** Limits of a document: nesting, attributes of an element, and characters without markup. More is refused. */
export const XML_LIMITS = { depth: 256, attributes: 1000, text: 64 * 1024 * 1024 } as const;

/** Text without markup from which a piece that is not needed is dropped. */
const DROP_FROM = 1024 * 1024;

export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>, position: FilePosition): void;
  /** A piece of character data. */
  text(text: string): void;
  close(name: string): void;
  /** Whether character data at this place is needed. */
  needsText(): boolean;
}

/** Text that is being read. saxes collects it even without a handler for it. */
interface Collector {
  text: string;
}

/** Parses XML 1.0 without document type declarations, in pieces and bounded memory. Prefixes of names are removed. */
export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.0', forceXMLVersion: true });
  private depth = 0;
  private attributes = 0;
  /** Position of the last markup. */
  private markupAt = 0;
  private lastError: ContentError | null = null;

  constructor(private readonly handler: XmlHandler) {
    const { parser } = this;
    parser.on('error', (error) => {
      this.lastError ??= new ContentError(describe(error), this.position(), { cause: error });
      throw this.lastError;
    });
    parser.on('doctype', () => {
      this.refuse('has a document type declaration, which is refused');
    });
    parser.on('attribute', () => {
      this.markupAt = parser.position;
      this.attributes += 1;
      if (this.attributes > XML_LIMITS.attributes) this.refuse('has an element with too many attributes');
    });
    parser.on('opentag', (tag) => {
      this.open(tag);
    });
    parser.on('closetag', ({ name }) => {
      this.markupAt = parser.position;
      this.depth -= 1;
      handler.close(localName(name));
      this.listen();
    });
    parser.on('cdata', (text) => {
      this.markupAt = parser.position;
      if (handler.needsText()) handler.text(text);
    });
    parser.on('comment', () => {
      this.markupAt = parser.position;
    });
  }

  /** @throws ContentError with the position, if the text is not well-formed */
  push(chunk: string): void {
    this.parser.write(chunk);
    const length = this.parser.position - this.markupAt;
    if (length > DROP_FROM && !this.handler.needsText()) {
      (this.parser as unknown as Collector).text = '';
      // Nothing is held in memory, whatever follows.
      if (this.depth > 0) return;
    }
    if (length > XML_LIMITS.text) this.refuse(`has more than ${XML_LIMITS.text} characters without markup`);
  }

  /** @throws ContentError if the document is incomplete */
  end(): void {
    this.parser.close();
  }

  private open({ name, attributes }: SaxesTagPlain): void {
    this.markupAt = this.parser.position;
    this.attributes = 0;
    this.depth += 1;
    if (this.depth > XML_LIMITS.depth) this.refuse(`is nested deeper than ${XML_LIMITS.depth} levels`);
    this.handler.open(localName(name), attributes, this.position());
    this.listen();
  }

  /** Without a handler, saxes does not collect text between elements. */
  private listen(): void {
    if (this.handler.needsText()) {
      this.parser.on('text', (text) => {
        this.handler.text(text);
      });
    } else this.parser.off('text');
  }

  /** Position that has been reached. */
  position(): FilePosition {
    return { line: this.parser.line, column: Math.max(1, this.parser.column) };
  }

  private refuse(problem: string): never {
    this.lastError = new ContentError(problem, this.position());
    throw this.lastError;
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function describe(error: Error): string {
  // saxes puts the position before the message.
  const message = error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
  return `is not well-formed XML 1.0: ${message}`;
}
