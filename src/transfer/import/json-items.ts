import { isObject, type Item } from './items.js';
import { describeJsonProblem, parseFileJson } from './file-json.js';
import { UnreadableFileError } from './decode-file.js';

/** Maximum length of a JSON document, in characters. It is held in memory. */
export const JSON_LENGTH_MAX = 256 * 1024 * 1024;

/**
 * Reads the agents of one JSON document: a map from agent types to metrics, or a response of the old backend's analytics or
 * its `data`.
 *
 * @throws UnreadableFileError if the document is neither
 */
export async function* readJsonItems(text: AsyncIterable<string>): AsyncGenerator<Item> {
  const document = parseDocument(await readAll(text));
  const { agents, path } = findAgents(document);
  for (const [agentType, value] of Object.entries(agents)) {
    const place = `${path}${agentType}`;
    yield isObject(value) ? { place, value, agentType, length: 0 } : { place, problem: 'must be a JSON object' };
  }
}

function findAgents(document: unknown): { agents: object; path: string } {
  const data = isObject(document) && isObject(document['data']) ? document['data'] : document;
  if (!isObject(data))
    throw new UnreadableFileError('The file must contain a JSON object with an entry for each agent.');
  const agents = data['ai_specific_metrics'];
  if (isObject(agents))
    return { agents, path: data === document ? 'ai_specific_metrics.' : 'data.ai_specific_metrics.' };
  // "data" can be an agent type; then the document is a map.
  return { agents: document as object, path: '' };
}

async function readAll(text: AsyncIterable<string>): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of text) {
    length += part.length;
    if (length > JSON_LENGTH_MAX) {
      throw new UnreadableFileError(
        `The JSON document is longer than ${JSON_LENGTH_MAX} characters. Convert it to NDJSON with one agent per line, and import it with --allow-partial.`,
      );
    }
    parts.push(part);
  }
  return parts.join('');
}

function parseDocument(text: string): unknown {
  try {
    return parseFileJson(text);
  } catch (error) {
    throw new UnreadableFileError(`The file ${describeJsonProblem(error)}`, { cause: error });
  }
}
