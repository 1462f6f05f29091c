import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import type { DatabaseConnection } from '../../src/config/database-url.js';
import { buildClientConfig } from '../../src/database/client/client.js';
import { GENESIS_HASH, hashRecord, type LinkedEvent, toHashedForms } from '../../src/ledger/hash-chain.js';
import type { AgentState } from '../../src/progression/agent-state.js';
import { fold } from '../../src/progression/evolve.js';
import { nameOf, type SentResult } from './sent-result.js';

/** A row of agent_metrics as `pg` gives it. */
type Row = AgentState & { ledger_hash: Buffer | null };

export interface LedgerCheck {
  /** Test results in the ledger. */
  counted: number;
  /** One for each thing that does not add up. */
  problems: string[];
}

/**
 * Of the agents that results were sent to: compares what clients were told with what the database has, and the ledger
 * with itself and with the rows.
 */
export async function checkLedger(connection: DatabaseConnection, sent: readonly SentResult[]): Promise<LedgerCheck> {
  const client = new pg.Client(buildClientConfig(connection));
  await client.connect();
  try {
    const check: LedgerCheck = { counted: 0, problems: [] };
    for (const agentType of new Set(sent.map((result) => result.agentType))) {
      const {
        rows: [row],
      } = await client.query<Row>('SELECT * FROM agent_metrics WHERE agent_type = $1', [agentType]);
      const { rows: events } = await client.query<LinkedEvent>(
        'SELECT * FROM ledger_events WHERE agent_type = $1 ORDER BY version',
        [agentType],
      );
      const results = sent.filter((result) => result.agentType === agentType);
      const problems = [
        ...wrongVersions(events),
        ...brokenLinks(events),
        ...wrongRow(row, events),
        ...wrongCounts(row, events, results),
        ...wrongResults(events, results),
      ];
      check.counted += testsIn(events).length;
      check.problems.push(...problems.map((problem) => `${agentType}: ${problem}`));
    }
    check.problems.push(...(await wrongRollups(client)));
    return check;
  } finally {
    await client.end();
  }
}

/** How many tests the rollups have of each agent and of all ("*"), where that is not what the ledger has. */
async function wrongRollups(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ agent_type: string; by_hour: string; by_kind: string; ledger: string }>(
    `SELECT agent_type, coalesce(by_hour, 0) AS by_hour, coalesce(by_kind, 0) AS by_kind, coalesce(ledger, 0) AS ledger
       FROM (SELECT coalesce(agent_type, '*') AS agent_type, count(*) AS ledger FROM agent_events
              WHERE type IN ('custody_test', 'adversarial_test') GROUP BY GROUPING SETS (agent_type, ())) events
       FULL JOIN (SELECT agent_type, sum(tests) AS by_hour FROM test_rollups_by_hour GROUP BY 1) hours USING (agent_type)
       FULL JOIN (SELECT agent_type, sum(tests) AS by_kind FROM test_rollups_by_kind GROUP BY 1) kinds USING (agent_type)
      WHERE (by_hour, by_kind, ledger) IS DISTINCT FROM (ledger, ledger, ledger) AND coalesce(by_hour, by_kind, ledger) > 0`,
  );
  return rows.map(
    ({ agent_type, by_hour, by_kind, ledger }) =>
      `${agent_type}: the rollups have ${by_hour} tests by hour and ${by_kind} by kind, and the ledger has ${ledger}`,
  );
}

function wrongVersions(events: readonly LinkedEvent[]): string[] {
  return events.flatMap(({ version }, index) =>
    version === index + 1 ? [] : [`event ${index + 1} has version ${version}`],
  );
}

function brokenLinks(events: readonly LinkedEvent[]): string[] {
  let previous = GENESIS_HASH;
  return events.flatMap((event) => {
    const problems = [];
    if (!event.prev_hash.equals(previous)) problems.push(`version ${event.version} is not chained to the event before`);
    if (!event.hash.equals(hashRecord(event, toHashedForms(event), event.prev_hash)))
      problems.push(`version ${event.version} has another hash`);
    previous = event.hash;
    return problems;
  });
}

function wrongRow(row: Row | undefined, events: readonly LinkedEvent[]): string[] {
  if (!row) return events.length === 0 ? [] : ['it has events and no row'];
  const { ledger_hash, ...state } = row;
  const newest = events.at(-1);
  if (!newest) return ['its row has no events'];
  const problems = [];
  if (row.version !== newest.version) {
    problems.push(`its row is at version ${row.version}, and its newest event has ${newest.version}`);
  }
  if (!ledger_hash?.equals(newest.hash)) problems.push("its row's ledger_hash is not the hash of its newest event");
  const folded = foldOf(events);
  if (typeof folded === 'string') return [...problems, folded];
  for (const [column, value] of Object.entries(folded)) {
    const stored = state[column as keyof AgentState];
    if (!isDeepStrictEqual(stored, value)) {
      problems.push(`${column} is ${JSON.stringify(stored)}, and its events give ${JSON.stringify(value)}`);
    }
  }
  return problems;
}

/** The state that the events give, or why they give none. */
function foldOf(events: readonly LinkedEvent[]): AgentState | string {
  try {
    return fold(null, events) ?? 'its events make no agent';
  } catch (error) {
    return `its events cannot be folded: ${(error as Error).message}`;
  }
}

/** Counted must be what was acknowledged, and beyond that at most what nobody knows the outcome of. */
function wrongCounts(row: Row | undefined, events: readonly LinkedEvent[], results: readonly SentResult[]): string[] {
  const problems = [];
  const acknowledged = results.filter(isAcknowledged).length;
  const tests = testsIn(events).length;
  const total = row?.total_tests_given ?? 0;
  if (total !== tests) problems.push(`total_tests_given is ${total}, and ${tests} tests are in its ledger`);
  for (const [name, count] of [
    ['total_tests_given', total],
    ['the number of tests in its ledger', tests],
  ] as const) {
    if (count < acknowledged) problems.push(`${name} is ${count}, but ${acknowledged} were acknowledged`);
    if (count > results.length) problems.push(`${name} is ${count}, but only ${results.length} were sent`);
  }
  return problems;
}

function wrongResults(events: readonly LinkedEvent[], results: readonly SentResult[]): string[] {
  const problems = [];
  const versionsByName = new Map<string, number[]>();
  for (const { idempotency_key, payload, version } of testsIn(events)) {
    const name = nameOf(idempotency_key, payload.duration);
    versionsByName.set(name, [...(versionsByName.get(name) ?? []), version]);
  }
  for (const { key, body, acknowledgements, isRefused } of results) {
    const name = nameOf(key, body.duration);
    const versions = versionsByName.get(name) ?? [];
    versionsByName.delete(name);
    if (versions.length > 1) problems.push(`result ${name} counts more than once, as versions ${versions.join()}`);
    if (isRefused && versions.length > 0) {
      problems.push(`result ${name} was said not to be recorded, and is version ${versions.join()}`);
    }
    for (const { version } of acknowledgements) {
      if (versions.includes(version)) continue;
      const found = versions.length === 0 ? 'is lost' : `is version ${versions.join()}`;
      problems.push(`result ${name} was acknowledged as version ${version}, and ${found}`);
    }
  }
  for (const [name, versions] of versionsByName) {
    problems.push(`version ${versions.join()} is of result ${name}, which no client sent to this agent`);
  }
  return problems;
}

function testsIn(events: readonly LinkedEvent[]) {
  return events.filter((event) => event.type === 'custody_test');
}

function isAcknowledged({ acknowledgements }: SentResult): boolean {
  return acknowledgements.length > 0;
}
