import { AgentMetricsService } from '../../agent-metrics/index.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession, withDataSource } from '../session.js';
import { table } from '../table.js';
import { withServices } from '../with-services.js';

const COLUMNS = [
  'agent_type',
  'version',
  'level',
  'xp',
  'custody_level',
  'custody_xp',
  'total_tests_given',
  'status',
  'is_active',
] as const;
type Agent = Record<(typeof COLUMNS)[number], string | number | boolean>;

export async function listAgents({ limit, ...options }: OutputOptions & { limit: number }): Promise<void> {
  const output = new Output(options);
  const agents = await runInSession(output.note, (session) =>
    withDataSource(session, 1, (dataSource) =>
      dataSource.query<Agent[]>(`SELECT ${COLUMNS.join(', ')} FROM agent_metrics ORDER BY created_at, id LIMIT $1`, [
        limit,
      ]),
    ),
  );
  await output.result(agents, table(COLUMNS, agents));
}

export async function createDefaultAgents(options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const created = await runInSession(output.note, (session) =>
    withServices(session, (services) => services.get(AgentMetricsService, { strict: false }).createDefaultAgents()),
  );
  await output.result({ created }, [
    created.length === 0 ? 'All default agents exist.' : `Created ${created.join(', ')}.`,
  ]);
}
