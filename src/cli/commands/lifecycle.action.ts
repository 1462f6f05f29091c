import { AgentMetricsService, analyzeErased } from '../../agent-metrics/index.js';
import { Output, type OutputOptions } from '../output.js';
import { formatCount } from '../format-count.js';
import { runInSession, withDataSource } from '../session.js';
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

export async function runMerge(agentType: string, into: string, options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const { version } = await runInSession(output.note, (session) =>
    withServices(session, (services) =>
      services.get(AgentMetricsService, { strict: false }).mergeAgents(agentType, into, { actor: ACTOR }),
    ),
  );
  await output.result({ agent_type: into, merged: agentType, version }, [`${agentType} was merged into ${into}.`]);
}

const VACUUMED = 'agent_metrics, agent_events, test_rollups_by_hour, test_rollups_by_kind, agent_aliases, api_keys';

export async function runErase(
  agentType: string,
  { reason, ...options }: OutputOptions & { reason: string },
): Promise<void> {
  const output = new Output(options);
  const tombstone = await runInSession(output.note, async (session) => {
    const erased = await withServices(session, (services) =>
      services
        .get(AgentMetricsService, { strict: false })
        .eraseAgent(agentType, { agent_type: agentType, reason }, { actor: ACTOR }),
    );
    await withDataSource(session, 1, async (dataSource) => {
      await dataSource.query(`VACUUM ${VACUUMED}`);
      await analyzeErased(dataSource.manager);
    });
    return erased;
  });
  const { id, events, head } = tombstone;
  await output.result(tombstone, [`Erased ${formatCount(events, 'event')}, head ${head}. Tombstone ${id}.`]);
}
