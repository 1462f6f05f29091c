import type { DataSource, EntityManager } from 'typeorm';
import { createWritePath, type WritePath } from '../../agent-metrics/index.js';
import { Clock } from '../../common/index.js';
import type { Settings } from '../../config/index.js';
import type { ImportFormat } from '../formats.js';
import { AgentImport } from './agent-import.js';
import { csvItems } from './csv-items.js';
import { EventImport, STAGED_AT_ONCE } from './event-import.js';
import { formatOf, withBeginning } from './import-format.js';
import { ImportReport, wholly } from './import-report.js';
import type { Importer } from './importer.js';
import { EXPECTED, type Item, type ReadOptions } from './items.js';
import { jsonItems } from './json-items.js';
import { ndjsonItems } from './ndjson-items.js';
import { isEvent } from './stored-event.js';
import { UnreadableFileError } from './file-text.js';

export interface ImportRequest extends ReadOptions {
  /** Undefined: what the file looks like. */
  format?: ImportFormat | undefined;
  /** Imports what is valid, where otherwise nothing is imported as soon as anything is invalid. */
  skipInvalid: boolean;
  /** Does everything but commit. */
  dryRun: boolean;
  /** Events that are written to the ledger together; 100,000 when left out. */
  stagedAtOnce?: number;
  /** Is told how far it is, every so often. */
  onProgress?: (report: ImportReport) => void;
}

/** How many entries go by between two reports. */
const REPORT_EVERY = 500;

/**
 * Imports a file, in one transaction: events of agents that aren't there yet, as they are, or agents, each as an `imported`
 * event.
 *
 * @throws UnreadableFileError when it can't be read to its end, isn't whole, or holds nothing; nothing is imported then,
 *   whatever was asked for
 */
export async function importText(
  dataSource: DataSource,
  settings: Settings,
  text: AsyncGenerator<string>,
  request: ImportRequest,
): Promise<ImportReport> {
  const report = new ImportReport();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const { items, mayBeEmpty } = await itemsOf(text, request);
    const count = await importItems(
      runner.manager,
      importers(await createWritePath(dataSource, settings, runner.manager), settings, report, request),
      items,
      report,
      request,
    );
    if (count === 0 && !mayBeEmpty) throw new UnreadableFileError(`The file holds no agent and no event. ${EXPECTED}`);
    report.accepted = request.skipInvalid || report.invalid === 0;
    if (report.accepted && !request.dryRun) await runner.commitTransaction();
    return report;
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

async function itemsOf(
  source: AsyncGenerator<string>,
  request: ImportRequest,
): Promise<{ items: AsyncGenerator<Item>; mayBeEmpty: boolean }> {
  const { beginning, text } = await withBeginning(source);
  switch (request.format ?? formatOf(beginning)) {
    case 'ndjson':
      // What was exported may have been nothing: then the trailer says so.
      return { items: ndjsonItems(text, request), mayBeEmpty: !request.allowPartial };
    case 'csv':
      return { items: csvItems(text, request), mayBeEmpty: false };
    case 'json':
      return { items: jsonItems(text), mayBeEmpty: false };
  }
}

type ImporterOf = (manager: EntityManager, of: 'agents' | 'events') => Promise<Importer>;

function importers(
  { agents, executor, storage }: WritePath,
  { rules }: Settings,
  report: ImportReport,
  { stagedAtOnce = STAGED_AT_ONCE }: ImportRequest,
): ImporterOf {
  const now = new Clock().now();
  return async (manager, of) =>
    of === 'events'
      ? await EventImport.begin(manager, agents, report, stagedAtOnce, storage)
      : new AgentImport(manager, { executor, rules, now }, report);
}

/**
 * The first entry says what all of them are to be.
 *
 * @returns how many there were, those that are invalid included
 */
async function importItems(
  manager: EntityManager,
  importerOf: ImporterOf,
  items: AsyncIterable<Item>,
  report: ImportReport,
  { onProgress = () => undefined }: ImportRequest,
): Promise<number> {
  let importer: Importer | null = null;
  let count = 0;
  for await (const item of items) {
    if ('problem' in item) {
      report.isInvalid(item.place, null, wholly(item.problem));
    } else {
      const of = isEvent(item.value) ? 'events' : 'agents';
      report.of ??= of;
      importer ??= await importerOf(manager, of);
      if (of === report.of) await importer.add(item);
      else report.isInvalid(item.place, null, wholly(`is not one of the ${report.of} that the file began with`));
    }
    count += 1;
    if (count % REPORT_EVERY === 0) onProgress(report);
  }
  await importer?.finish();
  return count;
}
