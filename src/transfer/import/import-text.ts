import type { DataSource, EntityManager } from 'typeorm';
import { createWritePath, type WritePath } from '../../agent-metrics/index.js';
import { Clock } from '../../common/index.js';
import type { Settings } from '../../config/index.js';
import type { ImportFormat } from '../formats.js';
import { AgentImport } from './agent-import.js';
import { readCsvItems } from './csv-items.js';
import { EventImport, STAGED_AT_ONCE } from './event-import.js';
import { detectFormat, peek } from './import-format.js';
import { ImportReport, toErrors } from './import-report.js';
import type { Importer } from './importer.js';
import { EXPECTED, type Item, type ReadOptions } from './items.js';
import { readJsonItems } from './json-items.js';
import { readNdjsonItems } from './ndjson-items.js';
import { isEvent } from './stored-event.js';
import { TombstoneImport } from './tombstone-import.js';
import { getTombstone } from '../tombstone-line.js';
import { UnreadableFileError } from './decode-file.js';

export interface ImportRequest extends ReadOptions {
  /** Default: detected from the file. */
  format?: ImportFormat | undefined;
  /** Imports valid entries; otherwise nothing is imported if any entry is invalid. */
  skipInvalid: boolean;
  /** Does not commit. */
  dryRun: boolean;
  /** Number of events written to the ledger together. Default: 100,000. */
  stagedAtOnce?: number;
  /** Called after every 500 entries. */
  onProgress?: (report: ImportReport) => void;
}

/** Number of entries between two progress reports. */
const REPORT_EVERY = 500;

/**
 * Imports a file in one transaction: events of new agents unchanged, or agents, each as an `imported` event.
 *
 * @throws UnreadableFileError if the file is unreadable, incomplete or empty; then nothing is imported
 */
export async function importFile(
  dataSource: DataSource,
  settings: Settings,
  text: AsyncGenerator<string>,
  request: ImportRequest,
): Promise<ImportReport> {
  const report = new ImportReport();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const { items, mayBeEmpty } = await readItems(text, request);
    const count = await importItems(
      runner.manager,
      createImporterFactory(await createWritePath(dataSource, settings, runner.manager), settings, report, request),
      items,
      report,
      request,
    );
    if (count === 0 && !mayBeEmpty)
      throw new UnreadableFileError(`The file contains no agents and no events. ${EXPECTED}`);
    report.accepted = request.skipInvalid || report.invalid === 0;
    if (report.accepted && !request.dryRun) await runner.commitTransaction();
    return report;
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

async function readItems(
  source: AsyncGenerator<string>,
  request: ImportRequest,
): Promise<{ items: AsyncGenerator<Item>; mayBeEmpty: boolean }> {
  const { beginning, text } = await peek(source);
  switch (request.format ?? detectFormat(beginning)) {
    case 'ndjson':
      // An empty export has a trailer.
      return { items: readNdjsonItems(text, request), mayBeEmpty: !request.allowPartial };
    case 'csv':
      return { items: readCsvItems(text, request), mayBeEmpty: false };
    case 'json':
      return { items: readJsonItems(text), mayBeEmpty: false };
  }
}

type ImporterFactory = (manager: EntityManager, of: 'agents' | 'events') => Promise<Importer>;

function createImporterFactory(
  { agents, executor, locker, storage }: WritePath,
  { rules }: Settings,
  report: ImportReport,
  { stagedAtOnce = STAGED_AT_ONCE }: ImportRequest,
): ImporterFactory {
  const now = new Clock().now();
  return async (manager, of) =>
    of === 'events'
      ? await EventImport.begin(manager, agents, report, stagedAtOnce, storage)
      : new AgentImport(manager, { executor, locker, rules, now }, report);
}

/**
 * Imports all items. The first entry determines whether they must be agents or events.
 *
 * @returns number of items, including invalid ones
 */
async function importItems(
  manager: EntityManager,
  importerOf: ImporterFactory,
  items: AsyncIterable<Item>,
  report: ImportReport,
  { onProgress = () => undefined }: ImportRequest,
): Promise<number> {
  let importer: Importer | null = null;
  const tombstones = new TombstoneImport(manager, report);
  let count = 0;
  for await (const item of items) {
    const tombstone = 'problem' in item ? null : getTombstone(item.value);
    if ('problem' in item) {
      report.isInvalid(item.place, null, toErrors(item.problem));
    } else if (tombstone !== null && report.of !== 'agents') {
      report.of ??= 'events';
      await tombstones.add(item.place, tombstone);
    } else {
      const of = isEvent(item.value) ? 'events' : 'agents';
      report.of ??= of;
      importer ??= await importerOf(manager, of);
      if (of === report.of) await importer.add(item);
      else report.isInvalid(item.place, null, toErrors(`is not one of the ${report.of} that the file started with`));
    }
    count += 1;
    if (count % REPORT_EVERY === 0) onProgress(report);
  }
  await importer?.finish();
  return count;
}
