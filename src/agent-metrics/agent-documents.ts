import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityMetadata } from 'typeorm';
import { agentNotFound } from '../common/domain-error.js';
import { DATABASE_FORM, type DatabaseForm } from '../database/database-form.js';
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
    @Inject(DATABASE_FORM) form: DatabaseForm,
  ) {
    const metadata = dataSource.getMetadata(AgentMetrics);
    const columns = metadata.columns.map(({ databaseName }) => databaseName);
    this.metrics = this.groupedRead(selectOf(metadata, columns, form));
    this.custodyMetrics = this.groupedRead(selectOf(metadata, CUSTODY_METRICS, form));
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

function selectOf(metadata: EntityMetadata, columns: readonly string[], form: DatabaseForm): string {
  const written = columns.map(
    (column) => [column, asWritten(column, metadata.findColumnWithDatabaseName(column)?.type)] as const,
  );
  return `
    SELECT agent_type, version, ${form === 'single' ? rowAsJson(written) : objectAsJson(written)}::text AS json
      FROM agent_metrics WHERE agent_type = ANY($1)`;
}

type Written = readonly (readonly [name: string, expression: string])[];

function rowAsJson(written: Written): string {
  const columns = written.map(([name, expression]) => `${expression} AS ${name}`);
  // The star: a table that was taken over may have a column called "document", which would come first.
  return `(SELECT row_to_json(document.*) FROM (SELECT ${columns.join(', ')}) document)`;
}

/** The same for Citus, which takes no subquery there; slower to write, and with spaces. */
function objectAsJson(written: Written): string {
  return `json_build_object(${written.map(([name, expression]) => `'${name}', ${expression}`).join(', ')})`;
}

/** Times as JavaScript writes them, and bytes in hexadecimal. */
function asWritten(column: string, type: unknown): string {
  if (type === 'timestamptz') return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return type === 'bytea' ? `encode(${column}, 'hex')` : column;
}

function found(document: AgentDocument | null, agentType: string): AgentDocument {
  if (!document) throw agentNotFound(agentType);
  return document;
}
