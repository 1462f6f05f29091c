import { Injectable } from '@nestjs/common';
import { DataSource, type EntityMetadata } from 'typeorm';
import { agentNotFound } from '../common/domain-error.js';
import { TransactionRunner } from '../database/transaction-runner.js';
import { AgentMetrics } from './agent-metrics.entity.js';
import { CUSTODY_METRICS } from './answer-columns.js';
import { GroupedRead } from './grouped-read.js';

/** Columns of an agent as JSON text, just as PostgreSQL wrote it. */
export interface AgentDocument {
  version: number;
  json: string;
}

/**
 * Agents as the API shows them, written by PostgreSQL. Most of an agent is JSON already: to parse it here and write it
 * again would take several times as long as all the rest of a read.
 */
@Injectable()
export class AgentDocuments {
  private readonly metrics: GroupedRead<AgentDocument>;
  private readonly custodyMetrics: GroupedRead<AgentDocument>;

  constructor(
    private readonly transactions: TransactionRunner,
    dataSource: DataSource,
  ) {
    const metadata = dataSource.getMetadata(AgentMetrics);
    const columns = metadata.columns.map(({ databaseName }) => databaseName);
    this.metrics = this.groupedRead(selectOf(metadata, columns));
    this.custodyMetrics = this.groupedRead(selectOf(metadata, CUSTODY_METRICS));
  }

  /** All columns of an agent. */
  async getMetrics(agentType: string): Promise<AgentDocument> {
    return found(await this.metrics.find(agentType), agentType);
  }

  /** What the custody protocol knows of an agent. */
  async getCustodyMetrics(agentType: string): Promise<AgentDocument> {
    return found(await this.custodyMetrics.find(agentType), agentType);
  }

  private groupedRead(select: string): GroupedRead<AgentDocument> {
    return new GroupedRead(async (agentTypes) => {
      const rows = await this.transactions.read((manager) =>
        manager.query<(AgentDocument & { agent_type: string })[]>(select, [agentTypes]),
      );
      return new Map(rows.map((row) => [row.agent_type, row]));
    });
  }
}

function selectOf(metadata: EntityMetadata, columns: readonly string[]): string {
  // The star: a table that was taken over may have a column called "document", which would come first.
  const written = columns.map((column) => asWritten(column, metadata.findColumnWithDatabaseName(column)?.type));
  return `
    SELECT agent_type, version, (SELECT row_to_json(document.*) FROM (SELECT ${written.join(', ')}) document)::text AS json
      FROM agent_metrics WHERE agent_type = ANY($1)`;
}

/** Times as JavaScript writes them, and bytes in hexadecimal. */
function asWritten(column: string, type: unknown): string {
  if (type === 'timestamptz') {
    return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;
  }
  return type === 'bytea' ? `encode(${column}, 'hex') AS ${column}` : column;
}

function found(document: AgentDocument | null, agentType: string): AgentDocument {
  if (!document) throw agentNotFound(agentType);
  return document;
}
