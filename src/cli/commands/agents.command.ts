import { Command, InvalidArgumentError } from 'commander';
import { AgentMetricsService } from '../../agent-metrics/index.js';
import { DEFAULT_AGENT_TYPES } from '../../progression/index.js';
import { withServices } from '../with-services.js';
import { Output, type OutputOptions } from '../output.js';
import { withDataSource, runInSession } from '../session.js';
import { table } from '../table.js';

const LIMIT = 1_000;
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

export const agentsCommand = (): Command =>
  new Command('agents')
    .description('Agents, and the four that exist by default.')
    .addCommand(list())
    .addCommand(createDefaults());

const list = (): Command =>
  new Command('list')
    .summary('show agents')
    .description('Shows agents in the order of their creation.')
    .option('--limit <number>', 'how many at most', atLeastOne, LIMIT)
    .option('--json', 'print them as JSON')
    .action(async ({ limit, ...options }: OutputOptions & { limit: number }) => {
      const output = new Output(options);
      const agents = await runInSession(output.note, (session) =>
        withDataSource(session, 1, (dataSource) =>
          dataSource.query<Agent[]>(
            `SELECT ${COLUMNS.join(', ')} FROM agent_metrics ORDER BY created_at, id LIMIT $1`,
            [limit],
          ),
        ),
      );
      await output.result(agents, table(COLUMNS, agents));
    });

const createDefaults = (): Command =>
  new Command('create-defaults')
    .summary('create those of the default agents that are missing')
    .description(
      `Creates those of ${DEFAULT_AGENT_TYPES.join(', ')} that don't exist. One whose row was deleted by hand comes back ` +
        'as the ledger knows it.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const output = new Output(options);
      const created = await runInSession(output.note, (session) =>
        withServices(session, (services) => services.get(AgentMetricsService, { strict: false }).createDefaultAgents()),
      );
      await output.result({ created }, [
        created.length === 0 ? 'All of them exist.' : `Created ${created.join(', ')}.`,
      ]);
    });

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}
