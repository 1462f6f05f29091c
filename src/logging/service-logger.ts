import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { getEnabledLevels, type Settings } from '../config/index.js';
import { shownText } from '../common/index.js';
import { shownFacts, shownLines } from './log-text.js';

/** Contexts of Nest's start-up messages, which are logged at level debug. */
const FRAMEWORK_CONTEXTS = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'];

const PREFIX = 'LVL_UP';

/** Members of each JSON line besides the message. */
const OWN_MEMBERS = ['level', 'pid', 'worker', 'timestamp', 'context'];
type JsonOptions = Parameters<ConsoleLogger['printAsJson']>[1];

/**
 * The service's log: colored lines on a terminal, otherwise one JSON object per line. A message is a text, or an object
 * of facts, which become members of the line. Control characters in messages are escaped.
 */
export class ServiceLogger extends ConsoleLogger {
  /**
   * @param terminal whether the output is a terminal. Default: whether standard output is one
   * @param worker number of this worker, which is part of each line; undefined: there are no workers
   */
  constructor(
    logLevel: Settings['logLevel'],
    terminal = process.stdout.isTTY,
    private readonly worker?: number,
  ) {
    super('LVL_UP', {
      logLevels: getEnabledLevels(logLevel),
      json: !terminal,
      colors: terminal,
      compact: true,
      prefix: worker === undefined ? PREFIX : `${PREFIX} ${worker}`,
    });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (FRAMEWORK_CONTEXTS.includes(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  protected override printAsJson(message: unknown, options: JsonOptions): void {
    // Ten times as fast as the implementation of Nest; relevant because each request is logged.
    if (isFlat(message))
      process[options.writeStreamType ?? 'stdout'].write(`${flatLine(message, options, this.worker)}\n`);
    else super.printAsJson(message, options);
  }

  protected override getJsonLogObject(message: unknown, options: JsonOptions) {
    const line = super.getJsonLogObject(message, options);
    return this.worker === undefined ? line : { ...line, worker: this.worker };
  }

  protected override stringifyJsonLogObject(line: Record<string, unknown>): string {
    return shownText(super.stringifyJsonLogObject(line));
  }

  protected override stringifyMessage(message: unknown, level: LogLevel): string {
    const said = this.resolveMessage(message);
    if (typeof said === 'string') return this.colorize(shownText(said), level);
    if (!isFacts(said)) return super.stringifyMessage(said, level);
    const { message: words, ...facts } = said;
    return this.colorize(`${typeof words === 'string' ? `${shownText(words)} ` : ''}${shownFacts(facts)}`, level);
  }

  protected override printStackTrace(stack: string | undefined): void {
    super.printStackTrace(shownLines(stack ?? ''));
  }
}

function isFacts(message: unknown): message is Record<string, unknown> {
  return typeof message === 'object' && message !== null && Object.getPrototypeOf(message) === Object.prototype;
}

/** Whether all facts are numbers or texts, and none has the name of a reserved member. */
function isFlat(message: unknown): message is Record<string, unknown> {
  if (!isFacts(message)) return false;
  for (const name in message) {
    const type = typeof message[name];
    if ((type !== 'string' && type !== 'number' && type !== 'undefined') || OWN_MEMBERS.includes(name)) return false;
  }
  return true;
}

function flatLine(facts: Record<string, unknown>, { logLevel, context }: JsonOptions, worker?: number): string {
  const from = worker === undefined ? `"pid":${process.pid}` : `"pid":${process.pid},"worker":${worker}`;
  const own = `{"level":"${logLevel}",${from},"timestamp":${Date.now()},"context":${JSON.stringify(context)}`;
  return `${own},${shownText(JSON.stringify(facts)).slice(1)}`;
}
