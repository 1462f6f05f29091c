import { writeFile } from 'node:fs/promises';
import { BenchServer } from './bench-server.js';
import { runCommand } from './command.js';
import { measureEventSize } from './event-size.js';
import { latencyRatios, rateRatios } from './goals.js';
import { describeMachine } from './machine.js';
import { measureAll } from './measurement.js';
import { type BenchOptions, parseOptions, USAGE } from './options.js';
import { prepareAgents } from './prepared-agents.js';
import { report, type Results } from './report.js';
import { startCandidates, TEMPLATE } from './started-candidates.js';

/** Beside those of a cell: the pools of the services, and the benchmark's own. */
const OTHER_CONNECTIONS = 100;

async function main(args: string[]): Promise<void> {
  const options = parseOptions(args);
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  const results = await bench(options);
  console.log(report(results));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
}

async function bench(options: BenchOptions): Promise<Results> {
  const server = await BenchServer.start({
    max_connections: String(Math.max(...options.connections) + OTHER_CONNECTIONS),
  });
  try {
    await server.createTemplate(TEMPLATE, prepareAgents);
    const machine = await describeMachine(server.maintenance);
    const candidates = await startCandidates(server, machine.pgbench !== null, options);
    try {
      const cells = await measureAll(candidates.all, options, console.error);
      const { seconds, rounds, prepared } = options;
      return {
        machine,
        seconds,
        rounds,
        prepared,
        cells,
        rateRatios: rateRatios(cells),
        latencyRatios: latencyRatios(cells),
        eventSize: await measureEventSize(candidates.ours),
      };
    } finally {
      await candidates.stop();
    }
  } finally {
    await server.stop();
  }
}

runCommand(USAGE, main);
