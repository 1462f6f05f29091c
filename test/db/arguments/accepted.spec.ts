import { describe, expect, it } from '@jest/globals';
import { verify } from '../../../src/verification/verify.js';
import { CUSTODY_TEST, errorOf, useInProcessApi } from '../../support/in-process-api.js';

const api = useInProcessApi();

describe('accepted arguments', () => {
  it('are read once: a getter cannot change the value between check and use', async () => {
    let reads = 0;
    const result = {
      ...CUSTODY_TEST,
      get score() {
        return reads++ === 0 ? 61 : 'changed';
      },
    };
    let keys = 0;
    const options = {
      get idempotencyKey() {
        return keys++ === 0 ? 'once' : 7;
      },
    };
    await api.method('service', 'updateCustodyTestResult')('getters', result, options);
    const written = await api.test.database.query(
      "SELECT payload, idempotency_key FROM agent_events WHERE agent_type = 'getters' AND type = 'custody_test'",
    );
    expect(written).toMatchObject([{ payload: { score: 61 }, idempotency_key: 'once' }]);
    expect([reads, keys]).toEqual([1, 1]);
  });

  it('are copied: a later change of the argument has no effect', async () => {
    const config = { list: [1] };
    const write = api.test.service.createOrUpdateAgentMetrics('copied', { config });
    config.list.push(2);
    await write;
    expect((await api.test.service.getAgentMetrics('copied')).config).toEqual({ list: [1] });
  });

  it('include times as Date and as text, and instances of classes', async () => {
    class Result {
      passed = true;
      duration = 1;

      get score(): number {
        return this.passed ? 70 : 0;
      }

      get timestamp(): string {
        return `2025-01-25T10:00:0${this.duration}+01:00`;
      }
    }
    await api.test.service.updateCustodyTestResult('classes', new Result());
    const timestamp = new Date('2025-01-25T11:00:00Z');
    await api.test.service.updateCustodyTestResult('classes', { ...CUSTODY_TEST, timestamp, details: { timestamp } });
    const { test_history } = await api.test.service.getAgentMetrics('classes');
    expect(test_history).toMatchObject([
      { score: 70, timestamp: '2025-01-25T09:00:01.000Z' },
      { score: 80, timestamp: timestamp.toISOString() },
    ]);
    const { details } = await api.test.service.getRecordedTest('classes', 3);
    expect(details).toEqual({ timestamp: timestamp.toISOString() });
  });

  it('include a complete row that was read', async () => {
    const row = await api.test.service.getAgentMetrics('guardian');
    await api.test.service.createOrUpdateAgentMetrics('guardian', JSON.parse(JSON.stringify(row)) as object);
    expect(await api.test.service.getAgentMetrics('guardian')).toMatchObject({ version: row.version + 1 });
  });

  it('of the same transaction are recorded after a refusal', async () => {
    await api.test.dataSource.transaction(async (manager) => {
      await errorOf(api.method('service', 'updateCustodyTestResult')('joined', { passed: 'yes' }, { manager }));
      await api.test.service.updateCustodyTestResult('joined', CUSTODY_TEST, { manager });
    });
    expect(await api.test.service.getAgentMetrics('joined')).toMatchObject({ total_tests_given: 1 });
  });

  it('leave a consistent database: verification finds no difference', async () => {
    expect(await verify(api.test.dataSource)).toMatchObject({ differences: 0 });
  });
});
