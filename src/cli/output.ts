import { ProgressBar } from './progress-bar.js';
import { print } from './stdout.js';

export interface OutputOptions {
  json?: boolean;
}

/** Output of a CLI command: results to stdout, everything else to stderr. */
export class Output {
  private readonly bar = new ProgressBar(process.stderr);

  constructor(private readonly options: OutputOptions) {}

  /** Prints a message. */
  readonly note = (message: string): void => {
    this.bar.clear();
    process.stderr.write(`${message}\n`);
  };

  /** Shows the progress, on a terminal only. */
  readonly progress = (done: number, total: number, words: string): void => {
    this.bar.show(done, total, words);
  };

  /** Prints a part of the result as soon as it is known. Ignored with --json. */
  line(text: string): void {
    if (this.options.json) return;
    this.bar.clear();
    void print(`${text}\n`);
  }

  /**
   * Prints the result.
   *
   * @param value printed with --json
   * @param lines printed otherwise
   * @throws StdoutError
   */
  result(value: object, lines: readonly string[]): Promise<void> {
    this.bar.clear();
    return print(this.options.json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
  }
}
