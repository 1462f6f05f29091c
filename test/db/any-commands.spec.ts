import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '../../src/progression/evolve.js';
import { anyCommand } from '../factories/command.arbitrary.js';
import { sendCommand } from '../support/send-command.js';
import { startTestService, type TestService } from '../support/test-service.js';

const AGENTS = ['guardian', 'sandbox', 'newcomer'];
const RUNS = 25;

/** Commands to agents, in rounds: those of a round are sent at the same time. */
const rounds = fc.array(
  fc.array(fc.record({ agentType: fc.constantFrom(...AGENTS), command: anyCommand }), { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 8 },
);

let test: TestService;
let narrow: TestService;
beforeAll(async () => {
  test = await startTestService();
  narrow = await startTestService(
    { MAX_TEST_HISTORY_SIZE: '4', MAX_LEARNING_PATTERNS_SIZE: '3', MAX_IMPROVEMENT_SUGGESTIONS_SIZE: '1' },
    test.database,
  );
});
afterAll(async () => {
  await narrow.close();
  await test.close();
});

describe('after any commands, sent together or one after the other, with whatever sizes of the lists', () => {
  it('each row is what its ledger folds to, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.boolean(), async (sequence, startNarrow) => {
        for (const [index, round] of sequence.entries()) {
          const instance = (index % 2 === 0) === startNarrow ? narrow : test;
          await Promise.allSettled(
            round.map(({ agentType, command }) => sendCommand(instance.service, agentType, command)),
          );
        }
        const histories = await test.ledger.read(test.dataSource.manager, AGENTS);
        for (const [agentType, { events, head }] of histories) {
          const { ledger_hash, ...row } = await test.service.getAgentMetrics(agentType);
          expect(row).toEqual(fold(null, events));
          expect(ledger_hash).toBe(head.toString('hex'));
        }
      }),
      { numRuns: RUNS },
    );
  });
});
