import { ConsoleLogger } from '@nestjs/common';
import { loggedLevels } from './config/log-level.js';
import type { Settings } from './config/settings.js';

/** What Nest says about its own start; of use to developers only. */
const FRAMEWORK_CONTEXTS = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'];

/** The service's log: coloured lines on a terminal, one JSON object a line elsewhere. */
export class ServiceLogger extends ConsoleLogger {
  constructor(logLevel: Settings['logLevel']) {
    const json = !process.stdout.isTTY;
    super('LVL_UP', { logLevels: loggedLevels(logLevel), json, colors: !json, compact: true });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (FRAMEWORK_CONTEXTS.includes(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
