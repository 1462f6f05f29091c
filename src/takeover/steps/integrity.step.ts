import { verifyIn } from '../../verification/verify.js';
import type { MoveStep } from '../move.js';
import { MoveRefusal } from '../refusal.error.js';

/** Differences that the message of a failure names. */
const NAMED = 20;

/** Checks every number against the ledger. */
export const integrityStep: MoveStep = {
  name: 'integrity',
  async run({ manager, progress }) {
    const { agents, events, differences, named } = await verifyIn(manager, (soFar) => {
      progress(soFar.agents, soFar.totalAgents, `${soFar.agents} of ${soFar.totalAgents} agents`);
    });
    if (differences > 0) {
      const first = named
        .slice(0, NAMED)
        .map(({ agent_type, in: place, problem }) => `${agent_type}: ${place}: ${problem}`);
      throw new MoveRefusal(
        [`${differences} numbers are not what the ledger says`, ...first].join('\n'),
        'Nothing was changed. `npm run cli -- verify` names all of them, and `npm run cli -- rebuild` mends rows and rollups.',
      );
    }
    return {
      changed: false,
      summary: [`${agents} agents and ${events} events: nothing differs`],
      details: { agents, events },
    };
  },
};
