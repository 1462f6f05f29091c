import { Argument, Command } from 'commander';
import type { Gate } from '../../custody/index.js';
import { parseSeconds, TIMEOUT_SECONDS } from '../remote/timeout-option.js';
import type { GateOptions } from './gate.action.js';

// Not imported from custody/, which takes long to load.
const GATES = Object.keys({ propose: true, 'level-up': true } satisfies Record<Gate, true>);

export const gateCommand = (): Command =>
  new Command('gate')
    .summary('check whether an agent can pass a gate')
    .description(
      'Prints each requirement of a gate, whether the agent meets it, and what is missing. Exits with 0 if the agent can ' +
        'pass the gate, with 1 if it cannot, and with 2 if that cannot be determined. With --url, the service at that URL ' +
        'is asked; its API key is read from LVLUP_API_KEY.',
    )
    .argument('<agent_type>', 'agent type')
    .addArgument(new Argument('<gate>', 'gate').choices(GATES))
    .option('--url <url>', 'URL of a remote service, such as https://metrics.example.com; default: the database')
    .option('--timeout <seconds>', 'maximum time for the response of the remote service', parseSeconds, TIMEOUT_SECONDS)
    .option('--json', 'print the eligibility document of both gates as JSON')
    .action(async (agentType: string, gate: Gate, options: GateOptions) => {
      const { runGate } = await import('./gate.action.js');
      await runGate(agentType, gate, options);
    });
