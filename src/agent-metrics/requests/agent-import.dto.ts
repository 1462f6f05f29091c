import { IsObject } from 'class-validator';
import { type FieldError, toDate, validationFailed } from '../../common/index.js';
import { type ArgumentParser, IsListOfObjects, tryParse } from '../../http/validation/index.js';
import {
  type AgentState,
  type ImportData,
  IMPORTED_TIMES,
  type JsonObject,
  SETTABLE_COLUMNS,
} from '../../progression/index.js';
import { AgentEntryDto } from './agent-entry.dto.js';

/** Columns that an import computes. */
const COMPUTED: readonly string[] = ['version', 'updated_at', 'ledger_hash'];
/** Columns that an import sets. They have no default. */
const REQUIRED = ['id', 'created_at', ...SETTABLE_COLUMNS, ...IMPORTED_TIMES] as const;

/** An agent from another source, in an in-process call. */
class ImportArgumentDto {
  /** Nesting depth above the columns: the agent. */
  static readonly envelopeDepth = 1;
  /** Imports have no size limit of their own; this one bounds the memory that an argument may take. */
  static readonly argumentMaxSize = 16 * 1024 * 1024;

  @IsObject()
  agent!: JsonObject;

  @IsListOfObjects()
  original!: JsonObject[];
}

/** Parser of the import in an in-process call. */
export const ImportArgument: ArgumentParser<ImportArgumentDto, ImportData> = {
  Dto: ImportArgumentDto,
  name: 'data',
  convert: ({ agent, original }) => ({ agent: toAgent(agent), original }),
  Fields: AgentEntryDto,
};

/** @throws DomainError `validation_failed` with every field that is missing or invalid */
function toAgent(agent: JsonObject): AgentState {
  const fields = Object.fromEntries(Object.entries(agent).filter(([name]) => !COMPUTED.includes(name)));
  const parsed = tryParse(AgentEntryDto, fields, 'agent', 'agent.');
  const missing = REQUIRED.filter(
    (column) => fields[column] === undefined || (column === 'created_at' && fields[column] === null),
  );
  const errors: FieldError[] = missing.map((column) => ({ field: `agent.${column}`, detail: 'is missing' }));
  if ('errors' in parsed) errors.push(...parsed.errors);
  if ('errors' in parsed || errors.length > 0) throw validationFailed(errors);
  const { instance } = parsed;
  const times = IMPORTED_TIMES.map((time) => [time, toDate(instance[time] ?? undefined) ?? null]);
  const created_at = toDate(instance.created_at ?? undefined);
  const computed = { created_at, version: 0, updated_at: created_at };
  return Object.assign({}, instance, Object.fromEntries(times), computed) as AgentState;
}
