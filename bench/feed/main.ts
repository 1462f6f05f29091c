import { get } from 'node:http';
import { BenchServer } from '../bench-server.js';
import { runCommand } from '../command.js';
import { loadOverHttp } from '../http-load.js';
import { markdownTable } from '../markdown-table.js';
import { startOurService } from '../our-service.js';
import { prepareAgents } from '../prepared-agents.js';
import { median } from '../sample.js';
import { TEMPLATE } from '../started-candidates.js';
import { requestsByConnection } from '../workloads.js';

const READERS = 50;
const CONNECTIONS = 64;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);

/** Connects a reader that counts the bytes it receives. */
function startReader(url: string): { bytes: () => number; stop: () => void } {
  let bytes = 0;
  const request = get(`${url}/api/feed`, { agent: false }, (response) => {
    response.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('error', () => undefined);
  });
  request.on('error', () => undefined);
  return { bytes: () => bytes, stop: () => request.destroy() };
}

/** Measures writes without readers of the feed, with one and with 50, in turns. Writers, readers and service share the machine. */
async function main(): Promise<void> {
  const server = await BenchServer.start({ max_connections: '250' });
  try {
    await server.createTemplate(TEMPLATE, prepareAgents);
    const database = await server.createDatabase('feed', TEMPLATE);
    const service = await startOurService(database, { prepared: true, profile: undefined });
    const cells = [0, 1, READERS].map((readers) => ({
      readers,
      perSecond: [] as number[],
      ratios: [] as number[],
      p99: [] as number[],
    }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const cell of cells) {
        const readers = Array.from({ length: cell.readers }, () => startReader(service.url));
        const sample = await loadOverHttp(service.url, requestsByConnection('spread', CONNECTIONS), SECONDS);
        const received = readers.map(({ bytes }) => bytes());
        for (const reader of readers) reader.stop();
        cell.perSecond.push(sample.perSecond);
        cell.p99.push(sample.p99);
        cell.ratios.push(sample.perSecond / (cells[0]?.perSecond[round] ?? NaN));
        console.error(cell.readers, sample.perSecond.toFixed(0), {
          refused: sample.refused,
          lost: sample.lost,
          least: Math.min(...received),
        });
        await database.tidy();
      }
    }
    await service.stop();
    console.log(
      markdownTable(
        ['readers', 'writes/s', 'ratio', 'p99, ms'],
        cells.map(({ readers, perSecond, ratios, p99 }) => [
          String(readers),
          median(perSecond).toFixed(0),
          median(ratios).toFixed(2),
          median(p99).toFixed(0),
        ]),
      ),
    );
  } finally {
    await server.stop();
  }
}

runCommand('Usage: BENCH_SECONDS=6 BENCH_ROUNDS=5 npm run bench:feed', main);
