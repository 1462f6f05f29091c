import { expect } from '@jest/globals';
import type { Answer, TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS } from './paths.js';

/** A time as the API writes it: ISO 8601, in UTC. */
export const ISO_8601_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Json = Record<string, unknown>;

/** Everything that the service keeps: all rows, and how many events its ledger has. */
export interface Stored {
  rows: Json[];
  events: number;
}

export async function stored({ database }: TestApp): Promise<Stored> {
  const rows = await database.query('SELECT * FROM agent_metrics ORDER BY agent_type');
  const [ledger] = await database.query<{ events: number }>('SELECT count(*)::integer AS events FROM agent_events');
  return { rows, events: ledger?.events ?? -1 };
}

/** The agent's row, as an operator sees it in psql. */
export async function rowOf({ database }: TestApp, agentType: string): Promise<Json> {
  const [row] = await database.query('SELECT * FROM agent_metrics WHERE agent_type = $1', [agentType]);
  if (!row) throw new Error(`no row of ${agentType}`);
  return row;
}

/** The agent's metrics, as a client sees them. */
export async function metricsOf(app: TestApp, agentType: string): Promise<Json> {
  const answer = await app.send('GET', agentPath(agentType));
  expect(answer.status).toBe(200);
  return (answer.body as { metrics: Json }).metrics;
}

export async function toCustodyMetrics(app: TestApp, agentType: string): Promise<Json> {
  const answer = await app.send('GET', agentPath(agentType, 'custody'));
  expect(answer.status).toBe(200);
  return (answer.body as { custody_metrics: Json }).custody_metrics;
}

/** Agent types in the order of the overview. */
export async function agentsOf(app: TestApp): Promise<string[]> {
  const answer = await app.send('GET', AGENTS);
  expect(answer.status).toBe(200);
  return (answer.body as { agents: string[] }).agents;
}

/** Sends what must succeed, for what the test needs before its point. */
export async function sent(app: TestApp, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await app.send(method, path, body);
  if (answer.status >= 300) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer;
}
