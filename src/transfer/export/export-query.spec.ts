import { describe, expect, it } from '@jest/globals';
import { AGENT_COLUMNS, EVENT_COLUMNS } from '../columns.js';
import { buildExportQuery } from './export-query.js';

describe('the columns of an export', () => {
  it('are all that the hash of an event covers, the name it covers, and the hashes', () => {
    expect(EVENT_COLUMNS.map(({ name }) => name).sort()).toEqual(
      [
        ...[
          'actor',
          'agent_type',
          'idempotency_key',
          'occurred_at',
          'payload',
          'recorded_as',
          'recorded_at',
          'request_hash',
          'result',
        ],
        ...['rules_version', 'type', 'version', 'prev_hash', 'hash'],
      ].sort(),
    );
  });

  it('are all of an agent', () => {
    const names = AGENT_COLUMNS.map(({ name }) => name);
    expect(names).toHaveLength(36);
    expect(names).toEqual(expect.arrayContaining(['id', 'agent_type', 'ledger_hash', 'config', 'updated_at']));
  });
});

describe('exportQuery', () => {
  it('heads CSV with the names of the columns', () => {
    expect(buildExportQuery({ of: 'events', format: 'csv' }).header).toBe(
      `${EVENT_COLUMNS.map(({ name }) => name).join(',')}\r\n`,
    );
    expect(buildExportQuery({ of: 'events', format: 'ndjson' }).header).toBe('');
  });

  it('asks for one agent by a parameter', () => {
    const { sql, parameters } = buildExportQuery({ of: 'agents', format: 'csv', agentType: "a'b" });
    expect(parameters).toEqual(["a'b"]);
    expect(sql).not.toContain("a'b");
  });

  it('computes the columns outside of the subquery that makes the line, as Citus requires', () => {
    const { sql } = buildExportQuery({ of: 'events', format: 'ndjson' });
    const fields = /row_to_json\(line\.\*\) FROM \(SELECT (.*?)\) line\)/.exec(sql)?.[1]?.split(', ');
    expect(fields).toEqual(EVENT_COLUMNS.map(({ name }) => `source.${name}`));
  });
});
