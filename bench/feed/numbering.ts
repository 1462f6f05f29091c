import type { BenchDatabase } from '../bench-database.js';
import { BenchServer } from '../bench-server.js';
import { runCommand } from '../command.js';
import { markdownTable } from '../markdown-table.js';
import { prepareAgents } from '../prepared-agents.js';
import { median } from '../sample.js';
import { TEMPLATE } from '../started-candidates.js';
import { type Measured, measureNumbering, type Numbering, NUMBERINGS } from './candidates.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);

/** Compares ways to number committed events (ADR 38): cost for two writers, with and without an open transaction. */
async function main(): Promise<void> {
  const server = await BenchServer.start({});
  try {
    await server.createTemplate(TEMPLATE, prepareAgents);
    const cells: { numbering: Numbering; database: BenchDatabase; free: Measured[]; held: Measured[] }[] = [];
    for (const [index, numbering] of NUMBERINGS.entries()) {
      const database = await server.createDatabase(`numbering_${index}`, TEMPLATE);
      await database.query(numbering.prepare);
      cells.push({ numbering, database, free: [], held: [] });
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { numbering, database, free, held } of cells) {
        free.push(await measureNumbering(database, numbering, SECONDS, false));
        held.push(await measureNumbering(database, numbering, SECONDS, true));
        await database.tidy();
        console.error(numbering.name, free.at(-1), held.at(-1));
      }
    }
    const middle = (measured: readonly Measured[], key: keyof Measured) => median(measured.map((each) => each[key]));
    // Each round is compared with the first candidate of the same round.
    const ratio = (measured: readonly Measured[]) =>
      median(measured.map((each, round) => each.eventsPerSecond / (cells[0]?.free[round]?.eventsPerSecond ?? NaN)));
    const rows = cells.map(({ numbering, free, held }) => [
      numbering.name,
      middle(free, 'eventsPerSecond').toFixed(0),
      ratio(free).toFixed(2),
      middle(free, 'roundMs').toFixed(1),
      ratio(held).toFixed(2),
      middle(held, 'roundMs').toFixed(1),
    ]);
    console.log(
      markdownTable(
        ['numbering', 'events/s', 'ratio', 'round, ms', 'ratio, open transaction', 'round, ms, open transaction'],
        rows,
      ),
    );
  } finally {
    await server.stop();
  }
}

runCommand('Usage: BENCH_SECONDS=5 BENCH_ROUNDS=3 node bench/feed/numbering.ts', main);
