import type { EntityManager } from 'typeorm';
import { importTombstone, lockTombstones } from '../../ledger/index.js';
import { parseTombstone } from '../tombstone-line.js';
import { type ImportReport, toErrors } from './import-report.js';

const CONFLICT =
  'differs from the tombstone with this id in the database: agents were erased in both since they had the same contents';

/**
 * Imports the tombstones of erased agents. The chain of the file must continue that of the database, or be its beginning:
 * then nothing is added.
 */
export class TombstoneImport {
  private isLocked = false;

  constructor(
    private readonly manager: EntityManager,
    private readonly report: ImportReport,
  ) {}

  /** Adds a tombstone of the file. */
  async add(place: string, value: unknown): Promise<void> {
    const tombstone = parseTombstone(value);
    if (Array.isArray(tombstone)) {
      this.report.isInvalid(place, null, tombstone);
      return;
    }
    if (!this.isLocked) await lockTombstones(this.manager);
    this.isLocked = true;
    switch (await importTombstone(this.manager, tombstone)) {
      case 'added':
        this.report.tombstones += 1;
        break;
      case 'known':
        break;
      case 'conflict':
        this.report.isInvalid(place, null, toErrors(CONFLICT));
        break;
      case 'unchained':
        this.report.isInvalid(place, null, toErrors('does not follow the newest tombstone of the database'));
        break;
    }
  }
}
