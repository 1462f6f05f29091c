import { Argument, Command, Option } from 'commander';
import type { ImportFormat } from '../../transfer/index.js';
import type { ImportOptions } from './import.action.js';

// Not imported from transfer/, which takes long to load.
const FORMATS = Object.keys({ ndjson: true, csv: true, json: true } satisfies Record<ImportFormat, true>);

export const importCommand = (): Command =>
  new Command('import')
    .summary('import agents or a whole ledger from a file')
    .description(
      'Reads the output of `export` (NDJSON or CSV), or one JSON document: a map of agents to metrics, or a response of the ' +
        "old backend's /api/custody/analytics.\n\n" +
        'Events keep their versions, times and hashes. Each is checked as by `verify`. The agent must not exist, or have no ' +
        'event but its creation, which is replaced.\n\n' +
        'Agents become one `imported` event each, applied to their current state. Omitted columns keep their values or get ' +
        'their defaults, unless they follow from others.\n\n' +
        'NDJSON without the summary line of `export` is refused, because it may be truncated, edited or written by an earlier ' +
        'release. CSV whose last line has no line break is also refused.\n\n' +
        'Everything is imported in one transaction, or nothing if an item is invalid. A service may run meanwhile; writes to ' +
        'the agents of the file wait, or fail, until the import ends. Exits with 1 if an item is invalid.',
    )
    .addArgument(new Argument('<file>', 'the file; - for stdin'))
    .addOption(new Option('--format <format>', 'format of the file; default: detected').choices(FORMATS))
    .option('--skip-invalid', 'skip invalid items and import the others')
    .option('--allow-partial', 'import a file that may be truncated, such as NDJSON without its summary line')
    .option('--raw', 'do not unescape CSV cells: for files of `export --raw` and of earlier releases')
    .option('--dry-run', 'roll back instead of committing')
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: ImportOptions) => {
      const { runImport } = await import('./import.action.js');
      await runImport(path, options);
    });
