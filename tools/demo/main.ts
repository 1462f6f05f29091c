import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_AGENTS } from './agents.js';
import { assertPortIsFree, emptyFolder } from './preconditions.js';
import { createRandom, pick, type Random } from './random.js';
import { createHistory, createResult, type DemoResult } from './results.js';

const USAGE = `npm run demo -- [--port 8000] [--seed 1] [--interval 1000] [--data .data/demo]

Starts the service on a new database, records a month of results of ${DEMO_AGENTS.length} agents, and then a result in each interval
(milliseconds; 0: none) until Ctrl-C. The database of an earlier demo in the folder of the data is deleted first.
`;
const BATCH = 500;
/** In the response to a batch, of which results are refused one by one. */
const REFUSED = /"refused":[1-9]/;
/** Settings that name another database or require keys. They do not apply. */
const OTHER_SETTINGS = ['DATABASE_URL', 'ADMIN_KEY', 'ADMIN_KEY_FILE', 'HOST'];
const START_TIMEOUT_MS = 60_000;
const DEFAULT_DATA = '.data/demo';
const INTEGER = /^\d{1,9}$/;

interface Options {
  url: string;
  random: Random;
  intervalMs: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8000' },
      seed: { type: 'string', default: '1' },
      interval: { type: 'string', default: '1000' },
      data: { type: 'string', default: DEFAULT_DATA },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  for (const name of ['seed', 'interval'] as const)
    if (!INTEGER.test(values[name])) throw new Error(`--${name} must be an integer from 0 to 999999999.`);
  await assertPortIsFree(values.port);
  await emptyFolder(values.data, DEFAULT_DATA);
  const service = startService(values.port, values.data);
  const url = `http://127.0.0.1:${values.port}`;
  const options = { url, random: createRandom(Number(values.seed)), intervalMs: Number(values.interval) };
  try {
    await waitUntilReady(url, service);
    const count = await recordMonth(options);
    console.log(
      `Recorded ${count} results of ${DEMO_AGENTS.length} agents.\n\n  Dashboard  ${url}/\n\nCtrl-C stops it.`,
    );
  } catch (error) {
    service.kill();
    throw error;
  }
  if (options.intervalMs > 0) void keepPlaying(options);
  const [code] = (await once(service, 'exit')) as [number | null];
  process.exit(code ?? 1);
}

function startService(port: string, dataDir: string): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OTHER_SETTINGS.includes(name)));
  const service = spawn(process.execPath, ['dist/src/main.js'], {
    env: { ...env, PORT: port, DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => service.kill(signal));
  return service;
}

async function waitUntilReady(url: string, service: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (service.exitCode !== null) throw new Error(`The service ended with exit code ${service.exitCode}.`);
    if (isReady) return;
    if (Date.now() > deadline) throw new Error('The service did not start.');
    await sleep(100);
  }
}

async function recordMonth({ url, random }: Options): Promise<number> {
  const results = createHistory(DEMO_AGENTS, new Date(), random);
  for (let from = 0; from < results.length; from += BATCH) await record(url, results.slice(from, from + BATCH));
  for (const { agentType, learningScore, untilDays } of DEMO_AGENTS) {
    const cycles = Math.round(learningScore / 10);
    const learning = { learning_score: learningScore, learning_cycles: cycles };
    await send(`${url}/api/agent-metrics/${encodeURIComponent(agentType)}/learning`, 'POST', learning);
    const status = untilDays === undefined ? { status: 'active' } : { status: 'retired', is_active: false };
    await send(`${url}/api/agent-metrics/${encodeURIComponent(agentType)}`, 'PUT', status);
  }
  return results.length;
}

/** Records the result of a test that has just ended, again and again. */
async function keepPlaying({ url, random, intervalMs }: Options): Promise<void> {
  const active = DEMO_AGENTS.filter(({ untilDays }) => untilDays === undefined);
  for (let index = 0; ; index += 1) {
    await sleep(intervalMs);
    const now = new Date();
    const result = createResult(`live-${index}`, pick(random, active), now, now, random);
    if (result !== undefined)
      await record(url, [result]).catch((error: unknown) => {
        console.error(String(error));
      });
  }
}

const record = (url: string, results: readonly DemoResult[]): Promise<void> =>
  send(`${url}/api/agent-metrics/results`, 'POST', results);

async function send(url: string, method: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok || REFUSED.test(text)) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
