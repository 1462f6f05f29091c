import { isObject, type Item } from './items.js';
import { jsonProblem, parseFileJson } from './file-json.js';
import { UnreadableFileError } from './file-text.js';

/** Longest JSON document, in characters: unlike the other formats it is read as a whole. */
export const JSON_LENGTH_MAX = 256 * 1024 * 1024;

/**
 * The agents of one JSON document: a map of agent types to metrics, or an answer of the old backend's analytics, whole or
 * its `data`.
 *
 * @throws UnreadableFileError when it is neither
 */
export async function* jsonItems(text: AsyncIterable<string>): AsyncGenerator<Item> {
  const document = parsed(await whole(text));
  const { agents, path } = mapOf(document);
  for (const [agentType, value] of Object.entries(agents)) {
    const place = `${path}${agentType}`;
    yield isObject(value) ? { place, value, agentType, length: 0 } : { place, problem: 'must be a JSON object' };
  }
}

function mapOf(document: unknown): { agents: object; path: string } {
  const data = isObject(document) && isObject(document['data']) ? document['data'] : document;
  if (!isObject(data)) throw new UnreadableFileError('The file must hold a JSON object with an entry for each agent.');
  const agents = data['ai_specific_metrics'];
  if (isObject(agents))
    return { agents, path: data === document ? 'ai_specific_metrics.' : 'data.ai_specific_metrics.' };
  // An agent may be called "data", and then the document is a map.
  return { agents: document as object, path: '' };
}

async function whole(text: AsyncIterable<string>): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of text) {
    length += part.length;
    if (length > JSON_LENGTH_MAX) {
      throw new UnreadableFileError(
        `The JSON document is longer than ${JSON_LENGTH_MAX} characters; make it NDJSON, an agent a line, and import it with --allow-partial.`,
      );
    }
    parts.push(part);
  }
  return parts.join('');
}

function parsed(text: string): unknown {
  try {
    return parseFileJson(text);
  } catch (error) {
    throw new UnreadableFileError(`The file ${jsonProblem(error)}`, { cause: error });
  }
}
