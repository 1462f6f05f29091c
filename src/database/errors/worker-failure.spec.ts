import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/index.js';
import { databaseFailed } from './database-failure.js';
import { isWorkerFailure } from './worker-failure.js';

const reported = (code: string, severity = 'ERROR') => Object.assign(new Error('reported'), { code, severity });

describe('isWorkerFailure', () => {
  it.each(['08000', '08001', '08003', '08006', '57P01', '57P02', '57P03'])('is true of the reported %s', (code) => {
    expect(isWorkerFailure(databaseFailed('database_unavailable', reported(code)))).toBe(true);
    expect(isWorkerFailure(databaseFailed('database_unavailable', { driverError: reported(code) }))).toBe(true);
  });

  it.each([
    ['the end of the own connection', databaseFailed('database_restarting', reported('57P01', 'FATAL'))],
    ['a lost own connection', databaseFailed('database_unavailable', reported('ECONNRESET'))],
    ['a protocol violation, as of a pooler', databaseFailed('database_unavailable', reported('08P01', 'FATAL'))],
    ['a full disk', databaseFailed('database_disk_full', reported('53100'))],
    ['an unknown outcome', new DomainError('database_unavailable', 'It is unknown', { cause: reported('08006') })],
    ['another error', reported('08006')],
  ])('is false of %s', (_, error) => {
    expect(isWorkerFailure(error)).toBe(false);
  });
});
