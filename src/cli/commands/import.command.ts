import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import { migrate } from '../../database/schema/index.js';
import {
  decodeFile,
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportReport,
  runImport,
  type Invalid,
} from '../../transfer/index.js';
import { count, counted } from '../count.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { Output, type OutputOptions } from '../output.js';
import { connected, inSession } from '../session.js';

interface ImportOptions extends OutputOptions {
  format?: ImportFormat;
  skipInvalid?: boolean;
  allowPartial?: boolean;
  raw?: boolean;
  dryRun?: boolean;
}

export const importCommand = (): Command =>
  new Command('import')
    .summary('take over agents, or a whole ledger, from a file')
    .description(
      'Takes what `export` writes, as NDJSON or CSV, or one JSON document: a map of agents to metrics, or an answer of the ' +
        "old backend's /api/custody/analytics.\n\n" +
        'Events are written as they are: same versions, times and hashes. Each is checked as `verify` does, and the agent ' +
        'must not exist yet, or have nothing but its creation, which is replaced.\n\n' +
        'Agents become an `imported` event each, on top of what they have; columns that are left out stay as they are, or ' +
        'get their default, unless they follow from others.\n\n' +
        'NDJSON is refused without the last line that `export` writes, which says what stands above it: it was cut, or ' +
        'made by hand or by an earlier release. So is CSV whose last line has no end.\n\n' +
        'All is imported in one transaction, or nothing when anything is invalid. A service may go on meanwhile; writes to ' +
        'the agents of the file wait, or fail, until the end. Exits with 1 when anything was invalid.',
    )
    .addArgument(new Argument('<file>', 'the file; - for stdin'))
    .addOption(
      new Option('--format <format>', 'what the file is; otherwise what it looks like').choices(IMPORT_FORMATS),
    )
    .option('--skip-invalid', 'leave out what is invalid, and import the rest')
    .option(
      '--allow-partial',
      'import a file that may have been cut, such as NDJSON without the last line of an export',
    )
    .option('--raw', 'cells of CSV as they stand: for files of `export --raw` and of earlier releases')
    .option('--dry-run', 'do everything but commit')
    .option('--json', 'print the result as JSON')
    .action(
      async (
        path: string,
        { format, skipInvalid = false, allowPartial, raw, dryRun = false, ...options }: ImportOptions,
      ) => {
        const output = new Output(options);
        const { bytes, total } = await opened(path);
        const report = await inSession(output.note, async (session) => {
          await migrate(session.server.direct);
          return connected(session, 1, (dataSource) =>
            runImport(dataSource, session.settings, decodeFile(bytes), {
              format,
              skipInvalid,
              allowPartial,
              raw,
              dryRun,
              onProgress: ({ agents, events }) => {
                const read = 'bytesRead' in bytes ? bytes.bytesRead : 0;
                output.progress(read, total, `${counted(agents, 'agent')}, ${counted(events, 'event')}`);
              },
            }),
          );
        });
        const { of, agents, events, invalid, named, accepted } = report;
        await output.result({ of, agents, events, invalid, accepted, dryRun, named }, linesOf(report, dryRun));
        if (report.invalid > 0) process.exitCode = EXIT_FAILED;
      },
    );

/** The file, which is opened before anything else is done, and its size. */
async function opened(path: string): Promise<{ bytes: ReadStream | typeof process.stdin; total: number }> {
  if (path === '-') return { bytes: process.stdin, total: 0 };
  const file = await open(path);
  return { bytes: file.createReadStream(), total: (await file.stat()).size };
}

function linesOf({ agents, events, invalid, named, accepted }: ImportReport, dryRun: boolean): string[] {
  const more = invalid > named.length ? [`… and ${count(invalid - named.length)} more`] : [];
  const valid = `${counted(agents, 'agent')}, ${counted(events, 'event')}`;
  const done = dryRun ? 'would be imported' : 'imported';
  const sum = accepted ? `${valid} ${done}` : `Nothing ${done}; ${valid} valid`;
  return [...named.map(describe), ...more, `${sum}, ${count(invalid)} invalid`];
}

function describe({ place, agent_type, errors }: Invalid): string {
  const reasons = errors.map(({ field, detail }) => (field === '' ? detail : `${field} ${detail}`));
  // The path of an entry ends with its agent.
  const whose = agent_type === null || place.endsWith(agent_type) ? '' : `${agent_type}: `;
  return `${place}: ${whose}${reasons.join('; ')}`;
}
