import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { legacyRow } from '../factories/legacy-row.arbitrary.js';
import { AGENT_COLUMNS } from '../factories/legacy-table.factory.js';
import { moveDatabase, verifyDatabase } from '../support/move-database.js';
import { createTestDatabase, EMPTY_TEMPLATE } from '../support/test-database.js';

const ROWS = 1_500;
const QUOTED = AGENT_COLUMNS.map((column) => `"${column}"`);

describe('an old table of whatever rows', () => {
  it('is taken over whole, and the ledger agrees with what was made of it', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await database.query(`CREATE TABLE agent_metrics (${QUOTED.map((column) => `${column} text`).join(', ')})`);
      const rows = fc.sample(legacyRow, ROWS).map((row) => AGENT_COLUMNS.map((column) => row[column] ?? null));
      for (const row of rows) {
        const values = row.map((_, index) => `$${index + 1}`).join(', ');
        await database.query(`INSERT INTO agent_metrics VALUES (${values})`, row);
      }
      expect(await moveDatabase(database)).toMatchObject({ outcome: 'changed', failure: null });
      expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
      const [lost] = await database.query(
        `SELECT count(*)::integer AS rows FROM (
           SELECT to_jsonb(old) AS row FROM agent_metrics_legacy old
           EXCEPT ALL SELECT jsonb_array_elements(payload -> 'original') FROM agent_events
         ) lost`,
      );
      expect(lost).toEqual({ rows: 0 });
    } finally {
      await database.drop();
    }
  });

  it('of which very many have the same agent type becomes one agent, part by part', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await database.query(
        `CREATE TABLE agent_metrics AS
           SELECT repeat('crowd ', 20) AS agent_type, n AS xp, timestamp '2025-01-01' + n * interval '1 minute' AS updated_at
             FROM generate_series(1, 250) n ORDER BY random()`,
      );
      expect(await moveDatabase(database)).toMatchObject({
        outcome: 'changed',
        steps: [{}, { details: { rows: 250, agents: 1, merged: { agents: 1, rows: 250 } } }, {}, {}, {}, {}],
      });
      expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
      const [row] = await database.query("SELECT version, xp FROM agent_metrics WHERE agent_type LIKE 'crowd%'");
      expect(row).toEqual({ version: 3, xp: 250 });
    } finally {
      await database.drop();
    }
  });
});
