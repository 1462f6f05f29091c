import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { getErrorMessage } from '../common/index.js';
import type { CheckedOperation, Operation } from './operation.js';
import { createReadOperations } from './read-operations.js';
import { createWriteOperations } from './write-operations.js';

/**
 * Runs every operation of the service on the database. The writes run on a new agent in one transaction, which is rolled
 * back. After a failed write the other writes are skipped, because their transaction is aborted.
 *
 * @param services application context of CoreModule
 */
export async function runSelfCheck(services: INestApplicationContext): Promise<CheckedOperation[]> {
  const dataSource = services.get(DataSource, { strict: false });
  const queryRunner = dataSource.createQueryRunner();
  const { manager } = queryRunner;
  const checked: CheckedOperation[] = [];
  const run = async ({ name, run }: Operation): Promise<boolean> => {
    const start = performance.now();
    const error = await run(manager).then(
      () => undefined,
      (thrown: unknown) => getErrorMessage(thrown),
    );
    const milliseconds = Math.round((performance.now() - start) * 100) / 100;
    checked.push({ operation: name, ok: error === undefined, milliseconds, ...(error !== undefined && { error }) });
    return error === undefined;
  };
  try {
    await queryRunner.startTransaction();
    for (const operation of createWriteOperations(services, `check-${uuidv7()}`)) if (!(await run(operation))) break;
  } finally {
    await queryRunner.rollbackTransaction();
    await queryRunner.release();
  }
  for (const operation of createReadOperations(services)) await run(operation);
  return checked;
}
