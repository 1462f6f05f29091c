import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { agentNotFound } from '../../common/index.js';
import { type DocumentColumn, STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import { toRepresentableTime } from '../../database/values/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import { toDocumentTag } from '../../http/parameters/index.js';
import { AGENT_COLUMNS } from '../store/columns.js';
import { CUSTODY_METRICS } from './custody-metrics.js';
import { GroupedRead } from './grouped-read.js';
import { OneAtATime } from './one-at-a-time.js';

/** Columns of an agent as JSON text from PostgreSQL, in UTF-8. */
export interface AgentDocument {
  json: Buffer;
  /** Entity tag of the document. */
  tag: string;
}

/** Threshold of a long document, in bytes. Long documents are read and sent one at a time. */
const LONG_BYTES = 1024 * 1024;
/** Maximum size of the documents that are kept for each of the two reads, in bytes. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** A document that is kept, with the version of the row that it was made from. */
interface KeptDocument extends AgentDocument {
  rowVersion: string;
}

/** A row of the statement. `json` is null if the document is known or long. */
interface DocumentRow {
  agent_type: string;
  version: number;
  row_version: string | null;
  json: string | null;
}

/**
 * Reads agents as JSON text formatted by PostgreSQL. Most of an agent is stored as JSON; parsing and formatting it here
 * would take several times as long as the rest of a read.
 *
 * Documents are kept with the version of their row, as the bytes that are sent. Each read asks PostgreSQL for the current
 * version, and for the document only if the version differs.
 */
@Injectable()
export class AgentDocuments {
  private readonly metrics: DocumentRead;
  private readonly custodyMetrics: DocumentRead;
  private readonly long = new OneAtATime();

  constructor(
    private readonly transactions: TransactionRunner,
    @Inject(STORAGE_FORM) storage: StorageForm,
  ) {
    const columns = AGENT_COLUMNS.map(({ name }) => name);
    this.metrics = this.documentRead(buildSelect(columns, storage));
    this.custodyMetrics = this.documentRead(buildSelect(CUSTODY_METRICS, storage));
  }

  /**
   * Reads all columns of an agent.
   *
   * @param response response of the document; a long document waits until the previous one is sent. Undefined: no wait
   * @throws DomainError `agent_not_found`; `overloaded` if too many long documents are waiting
   */
  async getMetrics(agentType: string, response?: ServerResponse): Promise<AgentDocument> {
    return this.get(this.metrics, agentType, response);
  }

  /** Reads the custody metrics of an agent. Parameters and errors: see `getMetrics`. */
  async getCustodyMetrics(agentType: string, response?: ServerResponse): Promise<AgentDocument> {
    return this.get(this.custodyMetrics, agentType, response);
  }

  private async get(read: DocumentRead, agentType: string, response?: ServerResponse): Promise<AgentDocument> {
    const document = found(await read.short.find(agentType), agentType);
    if (document !== 'long') return document;
    if (response) await this.long.enter(response);
    return found(await read.long(agentType), agentType);
  }

  private documentRead(select: string): DocumentRead {
    const kept = new LRUCache<string, KeptDocument>({
      maxSize: KEPT_BYTES,
      sizeCalculation: ({ json }) => json.length,
    });
    const read = async (agentTypes: readonly string[], most: number | null, known: readonly string[]) =>
      this.transactions.read((session) => session.query<DocumentRow[]>(select, [agentTypes, most, known]));
    return {
      short: new GroupedRead(async (agentTypes) => {
        const known = new Map(
          agentTypes.flatMap((agentType) => {
            const document = kept.get(agentType);
            return document ? [[document.rowVersion, document]] : [];
          }),
        );
        const documents = new Map<string, AgentDocument | 'long'>();
        for (const row of await read(agentTypes, LONG_BYTES, [...known.keys()])) {
          const same = row.row_version === null ? undefined : known.get(row.row_version);
          const document = same ?? toDocument(row);
          documents.set(row.agent_type, document ?? 'long');
          if (document && !same && row.row_version !== null)
            kept.set(row.agent_type, { ...document, rowVersion: row.row_version });
        }
        return documents;
      }),
      long: async (agentType) => {
        const [row] = await read([agentType], null, []);
        return row ? toDocument(row) : null;
      },
    };
  }
}

/** Reads short documents in groups, and long documents individually. */
interface DocumentRead {
  short: GroupedRead<AgentDocument | 'long'>;
  long: (agentType: string) => Promise<AgentDocument | null>;
}

function toDocument({ version, json }: DocumentRow): AgentDocument | null {
  if (json === null) return null;
  const bytes = Buffer.from(json);
  return { json: bytes, tag: toDocumentTag(version, bytes) };
}

/** $1 agent types, $2 maximum size of a document in bytes (null: unlimited), $3 versions of rows whose documents are known. */
function buildSelect(columns: readonly string[], storage: StorageForm): string {
  const written = columns.map((column): DocumentColumn => [
    column,
    asWritten(column, AGENT_COLUMNS.find(({ name }) => name === column)?.type),
  ]);
  return `
    SELECT agent_type, version, row_version, CASE WHEN $2::integer IS NULL OR octet_length(json) <= $2 THEN json END AS json
      FROM (${storage.selectDocuments(written)}
      ) written`;
}

/** Formats times as JavaScript does, and bytes in hexadecimal. */
function asWritten(column: string, type: unknown): string {
  if (type === 'timestamptz')
    return `to_char((${toRepresentableTime(column)}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return type === 'bytea' ? `encode(${column}, 'hex')` : column;
}

function found<Document>(document: Document | null, agentType: string): Document {
  if (document === null) throw agentNotFound(agentType);
  return document;
}
