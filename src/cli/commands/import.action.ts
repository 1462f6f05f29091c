import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { migrate } from '../../database/schema/index.js';
import { decodeFile, importFile, type ImportFormat, type ImportReport, type Invalid } from '../../transfer/index.js';
import { EXIT_FAILED } from '../exit-codes.js';
import { formatCount, formatNumber } from '../format-count.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession, withDataSource } from '../session.js';

export interface ImportOptions extends OutputOptions {
  format?: ImportFormat;
  skipInvalid?: boolean;
  allowPartial?: boolean;
  raw?: boolean;
  dryRun?: boolean;
}

export async function runImport(
  path: string,
  { format, skipInvalid = false, allowPartial, raw, dryRun = false, ...options }: ImportOptions,
): Promise<void> {
  const output = new Output(options);
  const { bytes, total } = await openInput(path);
  const report = await runInSession(output.note, async (session) => {
    await migrate(session.server.direct);
    return withDataSource(session, 1, (dataSource) =>
      importFile(dataSource, session.settings, decodeFile(bytes), {
        format,
        skipInvalid,
        allowPartial,
        raw,
        dryRun,
        onProgress: ({ agents, events }) => {
          const read = 'bytesRead' in bytes ? bytes.bytesRead : 0;
          output.progress(read, total, `${formatCount(agents, 'agent')}, ${formatCount(events, 'event')}`);
        },
      }),
    );
  });
  const { of, agents, events, tombstones, invalid, named, accepted } = report;
  await output.result(
    { of, agents, events, tombstones, invalid, accepted, dryRun, named },
    formatResult(report, dryRun),
  );
  if (report.invalid > 0) process.exitCode = EXIT_FAILED;
}

/** Opens the file, or stdin. `total` is its size in bytes, 0 if unknown. */
async function openInput(path: string): Promise<{ bytes: ReadStream | typeof process.stdin; total: number }> {
  if (path === '-') return { bytes: process.stdin, total: 0 };
  const file = await open(path);
  return { bytes: file.createReadStream(), total: (await file.stat()).size };
}

function formatResult(
  { agents, events, tombstones, invalid, named, accepted }: ImportReport,
  dryRun: boolean,
): string[] {
  const more = invalid > named.length ? [`… and ${formatNumber(invalid - named.length)} more`] : [];
  const erased = tombstones > 0 ? `, ${formatCount(tombstones, 'tombstone')}` : '';
  const valid = `${formatCount(agents, 'agent')}, ${formatCount(events, 'event')}${erased}`;
  const done = dryRun ? 'would be imported' : 'imported';
  const sum = accepted ? `${valid} ${done}` : `Nothing ${done}; ${valid} valid`;
  return [...named.map(formatInvalid), ...more, `${sum}, ${formatNumber(invalid)} invalid`];
}

function formatInvalid({ place, agent_type, errors }: Invalid): string {
  const reasons = errors.map(({ field, detail }) => (field === '' ? detail : `${field} ${detail}`));
  // The path of an entry ends with its agent.
  const agent = agent_type === null || place.endsWith(agent_type) ? '' : `${agent_type}: `;
  return `${place}: ${agent}${reasons.join('; ')}`;
}
