import { ConsoleLogger } from '@nestjs/common';

/** Logger of CLI commands. Writes to stderr, because stdout contains the result. */
export class CommandLogger extends ConsoleLogger {
  constructor() {
    super({ logLevels: ['fatal', 'error', 'warn'] });
  }

  protected override printMessages(...[messages, context, level, , stack, ...rest]: PrintArguments): void {
    super.printMessages(messages, context, level, 'stderr', stack, ...rest);
  }
}

type PrintArguments = Parameters<ConsoleLogger['printMessages']>;
