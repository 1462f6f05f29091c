import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { loggedLevels } from './config/log-level.js';
import type { Settings } from './config/settings.js';
import { shownFacts, shownLines, shownText } from './log-text.js';

/** What Nest says about its own start; of use to developers only. */
const FRAMEWORK_CONTEXTS = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'];

/**
 * The service's log: coloured lines on a terminal, one JSON object a line elsewhere. A message is a text, or an object of
 * facts, which become members of the line. Whatever clients put into either stays on its line, and moves no cursor.
 */
export class ServiceLogger extends ConsoleLogger {
  /** @param terminal whether a person reads along */
  constructor(logLevel: Settings['logLevel'], terminal = process.stdout.isTTY) {
    super('LVL_UP', { logLevels: loggedLevels(logLevel), json: !terminal, colors: terminal, compact: true });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (FRAMEWORK_CONTEXTS.includes(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  protected override getJsonLogObject(
    message: unknown,
    options: Parameters<ConsoleLogger['getJsonLogObject']>[1],
  ): ReturnType<ConsoleLogger['getJsonLogObject']> {
    const line = super.getJsonLogObject(message, options);
    if (!isFacts(message)) return line;
    const { level, pid, timestamp } = line;
    return { ...line, message: undefined, ...message, level, pid, timestamp };
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
