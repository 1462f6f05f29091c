import { writeFile } from 'node:fs/promises';
import { BenchServer } from '../bench-server.js';
import { runCommand } from '../command.js';
import { markdownTable } from '../markdown-table.js';
import { disturbance } from '../other-programs.js';
import { prepareAgents } from '../prepared-agents.js';
import { median } from '../sample.js';
import { TEMPLATE } from '../started-candidates.js';
import { type Cell, measureAll, ratio } from './measurement.js';
import { parseOptions, type TelemetryOptions, USAGE } from './options.js';
import { startVariants } from './variants.js';

const OTHER_CONNECTIONS = 250;

async function main(args: string[]): Promise<void> {
  const options = parseOptions(args);
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  const cells = await bench(options);
  console.log(report(cells, options));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ ...options, cells }, null, 2)}\n`);
}

async function bench(options: TelemetryOptions): Promise<Cell[]> {
  const server = await BenchServer.start({ max_connections: String(OTHER_CONNECTIONS) });
  try {
    await server.createTemplate(TEMPLATE, prepareAgents);
    const variants = await startVariants(server, TEMPLATE);
    try {
      return await measureAll(variants.all, options, console.error);
    } finally {
      await variants.stop();
    }
  } finally {
    await server.stop();
  }
}

function report(cells: readonly Cell[], { rounds, seconds, connections }: TelemetryOptions): string {
  const all = cells.flatMap((cell) => cell.rounds);
  return [
    `Median of ${rounds} × ${seconds} s, ${connections} connections. ${disturbance('cells', all)}`,
    markdownTable(
      ['workload', 'telemetry', 'per second', 'ratio', 'thousand instructions', 'ratio'],
      cells.map((cell) => [
        cell.workload,
        cell.variant,
        median(cell.rounds.map(({ perSecond }) => perSecond)).toFixed(0),
        shown(ratio(cells, cell, ({ perSecond }) => perSecond)),
        thousands(cell),
        shown(ratio(cells, cell, ({ instructions }) => instructions)),
      ]),
    ),
  ].join('\n\n');
}

function thousands({ rounds }: Cell): string {
  const counted = rounds.flatMap(({ instructions }) => instructions ?? []);
  return counted.length === 0 ? 'not counted' : (median(counted) / 1_000).toFixed(0);
}

function shown(value: number | null): string {
  return value?.toFixed(3) ?? '–';
}

runCommand(USAGE, main);
