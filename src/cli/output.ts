import { ProgressBar } from './progress-bar.js';
import { print } from './stdout.js';

export interface OutputOptions {
  json?: boolean;
}

/** Where a command says things: results on stdout, everything else on stderr. */
export class Output {
  private readonly bar = new ProgressBar(process.stderr);

  constructor(private readonly options: OutputOptions) {}

  /** What is going on, for people. */
  readonly note = (message: string): void => {
    this.bar.clear();
    process.stderr.write(`${message}\n`);
  };

  /** How far it is; shown on a terminal only. */
  readonly progress = (done: number, total: number, words: string): void => {
    this.bar.show(done, total, words);
  };

  /** A part of the result, as soon as it is known; nothing where the result is to be JSON. */
  line(text: string): void {
    if (this.options.json) return;
    this.bar.clear();
    void print(`${text}\n`);
  }

  /**
   * The result: as JSON where that was asked for, otherwise in words.
   *
   * @throws StdoutError when it can't be written; who doesn't wait for it needn't
   */
  result(value: object, lines: readonly string[]): Promise<void> {
    this.bar.clear();
    return print(this.options.json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
  }
}
