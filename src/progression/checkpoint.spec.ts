import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandSequence } from '../../test/factories/command.arbitrary.js';
import { carryOut } from '../../test/factories/decision.factory.js';
import { RULES_VERSION } from './agent-state.js';
import type { Checkpoint } from './events.js';
import { CHECKPOINT_INTERVAL, fromCheckpoint, toCheckpoint } from './checkpoint.js';
import { fold } from './evolve.js';

const toJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

it('folding from a checkpoint gives the state of folding from the beginning', () => {
  fc.assert(
    fc.property(commandSequence, fc.nat(), (commands, place) => {
      const { state, events } = carryOut([{ type: 'create' }, ...commands]);
      const index = place % events.length;
      const event = events[index];
      const before = fold(null, events.slice(0, index + 1));
      if (!event || !before) throw new Error('no event');
      const stored: Checkpoint = toJson(toCheckpoint(before, RULES_VERSION));
      expect(fromCheckpoint(stored, event)).toEqual(before);
      expect(fold(fromCheckpoint(stored, event), events.slice(index + 1))).toEqual(state);
    }),
  );
});

it('is part of the result of every version that is a multiple of the interval', () => {
  const commands = Array.from(
    { length: 2 * CHECKPOINT_INTERVAL },
    () => ({ type: 'custody_xp', data: { amount: 1 } }) as const,
  );
  const { events } = carryOut([{ type: 'create' }, ...commands]);
  const versions = events.filter(({ result }) => result.checkpoint).map(({ version }) => version);
  expect(versions).toEqual([CHECKPOINT_INTERVAL, 2 * CHECKPOINT_INTERVAL]);
  expect(events[CHECKPOINT_INTERVAL - 1]?.result.checkpoint?.columns).toMatchObject({
    custody_xp: CHECKPOINT_INTERVAL - 1,
  });
});
