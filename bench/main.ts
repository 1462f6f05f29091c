import { writeFile } from 'node:fs/promises';
import { BenchServer } from './bench-server.js';
import { MiscountError } from './counted-results.js';
import { latencyRatios, rateRatios } from './goals.js';
import { describeMachine } from './machine.js';
import { measureAll } from './measurement.js';
import { type BenchOptions, parseOptions, USAGE, UsageError } from './options.js';
import { report, type Results } from './report.js';
import { startCandidates } from './started-candidates.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  // Exits without more ado: what was started goes with this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(EXIT_FAILED));
  const results = await bench(options);
  console.log(report(results));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
}

async function bench(options: BenchOptions): Promise<Results> {
  const server = await BenchServer.start(Math.max(...options.connections));
  try {
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
      };
    } finally {
      await candidates.stop();
    }
  } finally {
    await server.stop();
  }
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = EXIT_USAGE;
  } else {
    console.error(error instanceof MiscountError ? error.message : error);
    process.exitCode = EXIT_FAILED;
  }
});
