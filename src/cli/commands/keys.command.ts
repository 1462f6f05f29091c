import { Command, Option } from 'commander';
import type { Scope } from '../../http/access/index.js';
import { parseDuration, parseExpiry } from '../key-expiry.js';
import type { OutputOptions } from '../output.js';
import type { CreateOptions, RotateOptions } from './keys.action.js';

// Not imported from http/access/, which takes long to load.
const SCOPES = Object.keys({ read: true, write: true, admin: true } satisfies Record<Scope, true>);
const EXPIRES = 'expiry: 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z; default: none';

export const keysCommand = (): Command =>
  new Command('keys')
    .description(
      'API keys. As soon as one exists, requests require a key. Changes are effective when the command ends.',
    )
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(rotateCommand())
    .addCommand(revokeCommand());

const createCommand = (): Command =>
  new Command('create')
    .summary('create a key and print it once')
    .description(
      'Creates a key and prints it once; only its hash is stored. read: all reads. write: also results, XP, learning and ' +
        'updates of single agents. admin: also renaming, merging, erasing and resetting agents, voiding events, bulk updates, ' +
        'webhooks and keys.',
    )
    .requiredOption('--name <name>', 'name of the key, recorded in the ledger as actor of its writes')
    .addOption(new Option('--scope <scope>', 'scope of the key').choices(SCOPES).makeOptionMandatory())
    .option(
      '--agents <patterns>',
      'agents that the key may read and write: agent types, or prefixes such as team-a/*, separated by commas; default: all',
      parseList,
    )
    .option('--expires <time>', EXPIRES, parseExpiry)
    .option('--json', 'print the key as JSON')
    .action(async (options: CreateOptions) => {
      const { createKey } = await import('./keys.action.js');
      await createKey(options);
    });

const listCommand = (): Command =>
  new Command('list')
    .summary('list all keys, including expired and revoked ones')
    .description(
      'Lists all keys, newest first, including expired and revoked ones. The last use is accurate to the minute.',
    )
    .option('--json', 'print the keys as JSON')
    .action(async (options: OutputOptions) => {
      const { listKeys } = await import('./keys.action.js');
      await listKeys(options);
    });

const rotateCommand = (): Command =>
  new Command('rotate')
    .summary('replace a key by a new one and print it once')
    .description(
      'Creates a key with the same name, scope and agents. The previous key expires at once, or after the overlap.',
    )
    .argument('<name>', 'name of the key')
    .option('--overlap <duration>', 'time for which the previous key stays valid: 30m, 12h, 7d', parseDuration, 0)
    .option('--expires <time>', EXPIRES, parseExpiry)
    .option('--json', 'print the key as JSON')
    .action(async (name: string, options: RotateOptions) => {
      const { rotateKey } = await import('./keys.action.js');
      await rotateKey(name, options);
    });

const revokeCommand = (): Command =>
  new Command('revoke')
    .summary('revoke a key')
    .description('Revokes the key at once. Requests still require a key after the last one is revoked.')
    .argument('<name-or-id>', 'name of the keys, or id of one key')
    .option('--json', 'print the result as JSON')
    .action(async (nameOrId: string, options: OutputOptions) => {
      const { revokeKeys } = await import('./keys.action.js');
      await revokeKeys(nameOrId, options);
    });

/** Items of a list that is separated by commas. The service checks them. */
function parseList(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}
