import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadSettings } from '../../src/config/settings.js';
import { checkGate } from '../../src/custody/rules/eligibility.js';
import type { Command } from '../../src/progression/commands.js';
import { fold } from '../../src/progression/evolve.js';
import { withRecentOutcomes } from '../factories/agent-state.factory.js';
import { anyCommand } from '../factories/command.arbitrary.js';
import { sendCommand } from '../support/send-command.js';
import { startTestService, type TestService } from '../support/test-service.js';

const RUNS = 40;
const HOUR = 3_600_000;
const NOW = new Date('2026-01-01T12:00:00.000Z');
const { custody: THRESHOLDS } = loadSettings({});

/** Commands; tests end within the last day or before. */
const commands = fc.array(
  fc
    .tuple(anyCommand, fc.integer({ min: -30 * HOUR, max: 0 }))
    .map(([command, at]): Command =>
      command.type === 'custody_test' || command.type === 'adversarial_test'
        ? { ...command, data: { ...command.data, timestamp: new Date(NOW.getTime() + at) } }
        : command,
    ),
  { minLength: 1, maxLength: 15 },
);

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

describe('after any commands', () => {
  it('the gates of the row equal those of the folded ledger', async () => {
    await fc.assert(
      fc.asyncProperty(commands, fc.integer({ min: 0, max: 30 * HOUR }), async (sequence, wait) => {
        test.setClock(NOW);
        await Promise.allSettled(sequence.map((command) => sendCommand(test.service, 'guardian', command)));

        const now = new Date(NOW.getTime() + wait);
        test.setClock(now);
        const { propose, level_up } = await test.custody.checkEligibilities('guardian');
        const history = (await test.ledger.read(test.dataSource.manager, ['guardian'])).get('guardian');
        const folded = fold(null, history?.events ?? []);
        if (!folded) throw new Error('guardian has no events');
        const agent = withRecentOutcomes(folded);
        expect(propose).toEqual(checkGate('propose', agent, THRESHOLDS, now));
        expect(level_up).toEqual(checkGate('level-up', agent, THRESHOLDS, now));
        for (const [gate, { eligible }] of [
          ['propose', propose],
          ['level-up', level_up],
        ] as const) {
          const passes = test.custody.requireEligibility(gate, 'guardian').then(
            () => true,
            () => false,
          );
          expect(await passes).toBe(eligible);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
