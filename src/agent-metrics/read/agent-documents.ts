import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { agentNotFound } from '../../common/index.js';
import { type DocumentColumn, STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import { toRepresentableTime } from '../../database/values/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import { AGENT_COLUMNS } from '../store/columns.js';
import { CUSTODY_METRICS } from './custody-metrics.js';
import { GroupedRead } from './grouped-read.js';
import { OneAtATime } from './one-at-a-time.js';

/** Columns of an agent as JSON text from PostgreSQL. */
export interface AgentDocument {
  version: number;
  json: string;
}

/** Threshold of a long document, in bytes. Long documents are read and sent one at a time. */
const LONG_BYTES = 1024 * 1024;

/** Document with `json` null if it is long. */
type ShortDocument = Omit<AgentDocument, 'json'> & { json: string | null };

/**
 * Reads agents as JSON text formatted by PostgreSQL. Most of an agent is stored as JSON; parsing and formatting it here
 * would take several times as long as the rest of a read.
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
    const { version, json } = found(await read.short.find(agentType), agentType);
    if (json !== null) return { version, json };
    if (response) await this.long.enter(response);
    return found(await read.long(agentType), agentType);
  }

  private documentRead(select: string): DocumentRead {
    const read = async <Row>(agentTypes: readonly string[], most: number | null) => {
      const rows = await this.transactions.read((session) =>
        session.query<(Row & { agent_type: string })[]>(select, [agentTypes, most]),
      );
      return new Map<string, Row>(rows.map((row) => [row.agent_type, row]));
    };
    return {
      short: new GroupedRead((agentTypes) => read<ShortDocument>(agentTypes, LONG_BYTES)),
      long: async (agentType) => (await read<AgentDocument>([agentType], null)).get(agentType) ?? null,
    };
  }
}

/** Reads short documents in groups, and long documents individually. */
interface DocumentRead {
  short: GroupedRead<ShortDocument>;
  long: (agentType: string) => Promise<AgentDocument | null>;
}

/** $1 agent types, $2 maximum size of a document in bytes (null: unlimited). */
function buildSelect(columns: readonly string[], storage: StorageForm): string {
  const written = columns.map((column): DocumentColumn => [
    column,
    asWritten(column, AGENT_COLUMNS.find(({ name }) => name === column)?.type),
  ]);
  return `
    SELECT agent_type, version, CASE WHEN $2::integer IS NULL OR octet_length(json) <= $2 THEN json END AS json
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
  if (!document) throw agentNotFound(agentType);
  return document;
}
