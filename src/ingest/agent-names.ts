import { createHash } from 'node:crypto';
import { parseJson } from '../common/index.js';
import { AGENT_TYPE_MAX_LENGTH, isWellFormedAgentType } from '../progression/index.js';
import { EvaluationFileError } from './errors.js';
import { isRecord } from './values.js';

/** Length of the hash at the end of a shortened name. */
const HASH_LENGTH = 8;
const ANY = '*';

/** How agent types are chosen. */
export interface AgentNames {
  /** All cases belong to this agent type. */
  agent?: string | undefined;
  /** Agent types of models; `*` is that of the others, and of cases without a model. */
  map?: ReadonlyMap<string, string> | undefined;
}

/**
 * The agent type of a model: by the options, else the name of the model with what an agent type cannot contain replaced.
 *
 * @returns null if there is no model and no option
 */
export function toAgentType(model: string | null, { agent, map }: AgentNames = {}): string | null {
  if (agent !== undefined) return agent;
  const mapped = (model === null ? undefined : map?.get(model)) ?? map?.get(ANY);
  if (mapped !== undefined) return mapped;
  return model === null ? null : fromModel(model);
}

/**
 * Converts a model to an agent type: letters, digits and `. _ : + @ - /`, beginning with a letter or digit, at most 50
 * characters. Names that are cut end with a hash of the whole, so that different models stay different.
 */
export function fromModel(model: string): string | null {
  const name = model
    .trim()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._:+@/-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/-+$/, '');
  if (name === '') return null;
  if (name.length <= AGENT_TYPE_MAX_LENGTH) return name;
  const hash = createHash('sha256').update(model).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, AGENT_TYPE_MAX_LENGTH - HASH_LENGTH - 1).replace(/[^A-Za-z0-9]+$/, '')}-${hash}`;
}

/**
 * Parses an agent map: a JSON object of models to agent types.
 *
 * @param file name for messages
 * @throws EvaluationFileError if it is not
 */
export function parseAgentMap(text: string, file: string): Map<string, string> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new EvaluationFileError(file, 'is not JSON', null, { cause });
  }
  if (!isRecord(value)) throw new EvaluationFileError(file, 'must be a JSON object of models to agent types');
  const entries = Object.entries(value).map(([model, agent]): [string, string] => {
    if (typeof agent === 'string' && isWellFormedAgentType(agent)) return [model, agent];
    throw new EvaluationFileError(file, `must have a valid agent type for ${JSON.stringify(model.slice(0, 100))}`);
  });
  return new Map(entries);
}
