import fastify from 'fastify';
import pg from 'pg';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { buildClientConfig } from '../../src/database/client/client.js';
import { withPreparedStatements } from '../../src/database/client/prepared-statements.js';
import type { AgentRow, CustodyTest } from './after-custody-test.js';
import { recordCustodyTest } from './record-custody-test.js';

/**
 * The rival: the two hot routes as one would write them by hand, and well, with Fastify and `pg` alone. One transaction
 * a result, one SELECT a read, on the schema of the service and with its answers. It prepares its statements when the
 * service does.
 */

const POOL_SIZE = 20;

const { DATABASE_URL = '', PORT = '', PREPARED_STATEMENTS } = process.env;
const Client = (PREPARED_STATEMENTS === 'on' ? withPreparedStatements(pg.Client) : pg.Client) as new () => pg.Client;
const pool = new pg.Pool({ ...buildClientConfig(parseDatabaseUrl(DATABASE_URL)), max: POOL_SIZE, Client });
const app = fastify({ logger: false });

const custodyTestSchema = {
  type: 'object',
  required: ['passed', 'score', 'duration'],
  additionalProperties: false,
  properties: {
    passed: { type: 'boolean' },
    score: { type: 'number', minimum: 0, maximum: 100 },
    duration: { type: 'number', minimum: 0 },
    timestamp: { type: 'string', format: 'date-time' },
    xp_awarded: { type: 'integer', minimum: 0 },
  },
};

interface AgentRoute {
  Params: { agent_type: string };
}

app.get('/health/ready', async () => {
  await pool.query('SELECT 1');
  return { status: 'healthy' };
});

app.get<AgentRoute>('/api/agent-metrics/:agent_type', async ({ params }, reply) => {
  const agentType = params.agent_type;
  const { rows } = await pool.query<AgentRow>('SELECT * FROM agent_metrics WHERE agent_type = $1', [agentType]);
  const [agent] = rows;
  if (!agent) return reply.status(404).send({ detail: `There is no agent ${agentType}.` });
  const metrics = { ...agent, ledger_hash: agent.ledger_hash?.toString('hex') ?? null };
  return { status: 'success', agent_type: agentType, metrics, timestamp: new Date() };
});

app.post<AgentRoute & { Body: CustodyTest }>(
  '/api/agent-metrics/:agent_type/custody-test',
  { schema: { body: custodyTestSchema } },
  async ({ params, body }, reply) => {
    const agent = await recordCustodyTest(pool, params.agent_type, body);
    if (!agent) return reply.status(404).send({ detail: `There is no agent ${params.agent_type}.` });
    const { total_tests_given, total_tests_passed, custody_level, custody_xp } = agent;
    return {
      status: 'success',
      agent_type: params.agent_type,
      message: 'Custody test result recorded successfully',
      updated_custody_metrics: { total_tests_given, total_tests_passed, custody_level, custody_xp },
    };
  },
);

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
