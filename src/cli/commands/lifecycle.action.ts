import { AgentMetricsService } from '../../agent-metrics/index.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession } from '../session.js';
import { withServices } from '../with-services.js';

/** Recorded as the actor of events. */
const ACTOR = 'cli';

export async function runRename(agentType: string, to: string, options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const { version } = await runInSession(output.note, (session) =>
    withServices(session, (services) =>
      services.get(AgentMetricsService, { strict: false }).renameAgent(agentType, to, { actor: ACTOR }),
    ),
  );
  await output.result({ agent_type: to, renamed_from: agentType, version }, [`${agentType} is now ${to}.`]);
}
