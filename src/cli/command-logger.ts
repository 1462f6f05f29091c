import { ConsoleLogger } from '@nestjs/common';

/** What Nest and the services have to say while a command runs: on stderr, as stdout belongs to the command's result. */
export class CommandLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['fatal', 'error', 'warn'] });
  }

  protected override printMessages(...[messages, context, level, , stack, ...rest]: PrintArguments): void {
    super.printMessages(messages, context, level, 'stderr', stack, ...rest);
  }
}

type PrintArguments = Parameters<ConsoleLogger['printMessages']>;
