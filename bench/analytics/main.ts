import { writeFile } from 'node:fs/promises';
import { BenchServer } from '../bench-server.js';
import { runCommand } from '../command.js';
import { describeMachine } from '../machine.js';
import { createLedger, LEDGER_SERVER, type Ledger, periodUntilNow } from './ledger.js';
import { measureAll, type MeasuredRequest } from './measurement.js';
import { type AnalyticsOptions, parseOptions, USAGE } from './options.js';
import { type AnalyticsResults, report } from './report.js';
import { type ServedLedger, serveLedger } from './served-ledger.js';

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

async function bench(options: AnalyticsOptions): Promise<AnalyticsResults> {
  const { agents, times } = options;
  const server = await BenchServer.start(LEDGER_SERVER);
  try {
    const machine = await describeMachine(server.maintenance);
    const period = periodUntilNow();
    const ledgers: Ledger[] = [];
    for (const events of options.events) {
      ledgers.push(await createLedger(server, { agents, events }, period, console.error));
    }
    const sizes = ledgers.map(({ size, bytes }) => ({ events: size.events, bytes }));
    return { machine, agents, ledgers: sizes, times, requests: await measureServed(ledgers, options) };
  } finally {
    await server.stop();
  }
}

async function measureServed(
  ledgers: readonly Ledger[],
  { requests, times }: AnalyticsOptions,
): Promise<MeasuredRequest[]> {
  const served: ServedLedger[] = [];
  try {
    for (const ledger of ledgers) served.push(await serveLedger(ledger, requests));
    return await measureAll(requests, served, times, console.error);
  } finally {
    for (const { stop } of served) await stop();
  }
}

runCommand(USAGE, main);
