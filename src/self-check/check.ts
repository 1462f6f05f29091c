import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { getErrorMessage } from '../common/index.js';
import type { CheckedOperation, Operation } from './operation.js';
import { readOperations } from './read-operations.js';
import { writeOperations } from './write-operations.js';

/**
 * Does everything that the service does with the database, on an agent of its own in one transaction that is rolled back:
 * nothing of it stays, whether it fails or not. After a write that failed no other is tried, since its transaction is lost.
 *
 * @param services as CoreModule has them
 */
export async function check(services: INestApplicationContext): Promise<CheckedOperation[]> {
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
    for (const operation of writeOperations(services, `check-${uuidv7()}`)) if (!(await run(operation))) break;
  } finally {
    await queryRunner.rollbackTransaction();
    await queryRunner.release();
  }
  for (const operation of readOperations(services)) await run(operation);
  return checked;
}
