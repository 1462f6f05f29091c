import { getErrorMessage } from '../common/index.js';
import type { ServiceLogger } from '../logging/index.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const PARENT_WATCH_MS = 500;

/** How the process ends. */
export interface Ending {
  logger: ServiceLogger;
  /** Time for `finish`. */
  limitMs: number;
  finish: () => Promise<void>;
  /** Runs before the process exits without `finish`. */
  abort?: () => void;
}

/** Ends the process; immediately if it is called again. The reason is logged; null: it is known. */
export type StopProcess = (reason: string | null, exitCode: number) => void;

/** Returns the function that ends the process. The time limit ends it immediately. */
export function createStop({ logger, limitMs, finish, abort }: Ending): StopProcess {
  let stopping = false;
  const exitNow = () => {
    abort?.();
    process.exit(1);
  };
  const stop = async (reason: string | null, exitCode: number): Promise<void> => {
    if (stopping) exitNow();
    stopping = true;
    if (reason !== null) logger.log(`${reason}: stopping`);
    setTimeout(() => {
      logger.error(`Not stopped within ${limitMs / 1_000} s (SHUTDOWN_TIMEOUT): exiting`);
      exitNow();
    }, limitMs);
    await finish();
    process.exit(exitCode);
  };
  return (reason, exitCode) => {
    stop(reason, exitCode).catch((error: unknown) => {
      logger.error(`Cannot stop: ${getErrorMessage(error)}`);
      exitNow();
    });
  };
}

/** Stops on a signal, and with exit code 1 if the database server is lost. */
export function stopOnSignalOrLoss(lost: Promise<Error>, logger: ServiceLogger, stop: StopProcess): void {
  const onRequest = (reason: string): void => {
    stop(reason, 0);
  };
  void lost.then(({ message }) => {
    logger.error(message);
    stop('Without its database server', 1);
  });
  for (const signal of SIGNALS) process.on(signal, onRequest);
  if (process.env['npm_lifecycle_event'] !== undefined) onParentExit(onRequest);
}

/** npm sends a signal to a shell, which may exit without forwarding it. The service would continue to run. */
function onParentExit(onEnd: (reason: string) => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onEnd('npm has ended');
  }, PARENT_WATCH_MS).unref();
}
