import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { ApiKeys, type CreatedKey, type DeliverKey, KEY_PROPAGATION_MS, type ListedKey } from '../../auth/index.js';
import { type Scope, SCOPES } from '../../http/access/index.js';
import { withServices } from '../with-services.js';
import { parseDuration, parseExpiry } from '../key-expiry.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession } from '../session.js';
import { table } from '../table.js';

const COLUMNS = ['id', 'name', 'scope', 'state', 'created_at', 'expires_at', 'last_used_at'] as const;
const EXPIRES = 'when it ends: 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z; never when left out';

export const keysCommand = (): Command =>
  new Command('keys')
    .description(
      'API keys. As soon as one exists, requests need one. What is changed here is in force when the command ends.',
    )
    .addCommand(create())
    .addCommand(list())
    .addCommand(rotate())
    .addCommand(revoke());

const create = (): Command =>
  new Command('create')
    .summary('make a key, and show it this once')
    .description(
      'Makes a key, and shows it this once: only its hash is kept. read: everything that changes nothing. write: results, ' +
        'XP, learning and single agents, too. admin: resets and bulk updates, too.',
    )
    .requiredOption('--name <name>', 'whose it is; stands in the ledger beside what it writes')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(SCOPES).makeOptionMandatory())
    .option('--expires <time>', EXPIRES, parseExpiry)
    .option('--json', 'print it as JSON')
    .action(({ name, scope, expires, ...options }: OutputOptions & { name: string; scope: Scope; expires?: Date }) =>
      makeKey(options, (keys, show) => keys.create({ name, scope, expiresAt: expires ?? null }, show)),
    );

const list = (): Command =>
  new Command('list')
    .summary('show all keys, also ended ones')
    .description(
      'Shows all keys, newest first, also those that have ended. When one was used last is known to the minute.',
    )
    .option('--json', 'print them as JSON')
    .action(async (options: OutputOptions) => {
      const output = new Output(options);
      const keys = await withKeys(output, (service) => service.list());
      await output.result(keys, table(COLUMNS, keys.map(shown)));
    });

const rotate = (): Command =>
  new Command('rotate')
    .summary('make a successor of a key, and show it this once')
    .description('Makes a key of the same name and scope. The one until now ends, at once or after the overlap.')
    .argument('<name>', 'name of the key')
    .option('--overlap <duration>', 'how long the key until now stays good: 30m, 12h, 7d', parseDuration, 0)
    .option('--expires <time>', EXPIRES, parseExpiry)
    .option('--json', 'print it as JSON')
    .action((name: string, { overlap, expires, ...options }: OutputOptions & { overlap: number; expires?: Date }) =>
      makeKey(options, (keys, show) => keys.rotate(name, overlap, expires ?? null, show)),
    );

const revoke = (): Command =>
  new Command('revoke')
    .summary('end a key')
    .description(
      'Ends the key at once. Revoking the last one opens nothing: requests need a key from the first one on.',
    )
    .argument('<name-or-id>', 'name of the keys, or id of the one')
    .option('--json', 'print the result as JSON')
    .action((nameOrId: string, options: OutputOptions) =>
      changeKeys(
        options,
        async (keys) => ({ revoked: await keys.revoke(nameOrId) }),
        ({ revoked }) => [revoked === 1 ? 'Revoked 1 key.' : `Revoked ${revoked} keys.`],
      ),
    );

/** Makes a key that is kept only when it could be shown, and ends when it is in force everywhere. */
async function makeKey(
  options: OutputOptions,
  make: (keys: ApiKeys, show: DeliverKey) => Promise<CreatedKey>,
): Promise<void> {
  const output = new Output(options);
  const shown: CreatedKey[] = [];
  const show: DeliverKey = async (created) => {
    await output.result(created, [created.key]);
    shown.push(created);
  };
  try {
    await withKeys(output, (keys) => make(keys, show));
  } catch (error) {
    if (shown.length > 0)
      output.note('The key that was shown may not be good: see the command keys list for whether it was kept.');
    throw error;
  }
  await sleep(KEY_PROPAGATION_MS);
  const [created] = shown;
  if (created && !options.json) output.note(describeKey(created));
}

/** Changes keys, and says so when the change is in force everywhere. */
async function changeKeys<T extends object>(
  options: OutputOptions,
  change: (keys: ApiKeys) => Promise<T>,
  describe: (result: T) => string[],
): Promise<void> {
  const output = new Output(options);
  const result = await withKeys(output, change);
  await sleep(KEY_PROPAGATION_MS);
  await output.result(result, describe(result));
}

function withKeys<T>(output: Output, work: (keys: ApiKeys) => Promise<T>): Promise<T> {
  return runInSession(output.note, (session) =>
    withServices(session, (services) => work(services.get(ApiKeys, { strict: false }))),
  );
}

/** Not on stdout, which may go into a file: that holds the key and nothing else. */
function describeKey({ name, scope, expires_at }: CreatedKey): string {
  const end = expires_at ? `ends ${expires_at.toISOString()}` : "doesn't end by itself";
  return `The key of ${name} (${scope}), which ${end}. It isn't shown again.`;
}

function shown(key: ListedKey): Record<(typeof COLUMNS)[number], string> {
  const { id, name, scope, state } = key;
  const [created_at = '', expires_at = 'never', last_used_at = 'never'] = [
    key.created_at,
    key.expires_at,
    key.last_used_at,
  ].map((time) => time?.toISOString());
  return { id, name, scope, state, created_at, expires_at, last_used_at };
}
