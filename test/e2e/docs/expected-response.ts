import type { Example } from './examples.js';

/** Stands for anything in a documented response: a value, a part of a text, further members, further items. */
const ANYTHING = '…';

interface HttpResponse {
  status: string;
  headers: Record<string, string>;
  body: unknown;
}

/** A response as the document shows it, and the actual one in the same form. They are equal if the document is right. */
export function compared(
  { language, text }: NonNullable<Example['response']>,
  actual: string,
): { documented: unknown; actual: unknown } {
  const read = { json: JSON.parse, http: httpResponse, text: (output: string) => output.trim() }[language];
  const [expected, found] = [read(text) as unknown, read(actual) as unknown];
  if (language !== 'http') return { documented: filled(expected, found), actual: found };
  const [shown, received] = [expected as HttpResponse, found as HttpResponse];
  const headers = Object.fromEntries(Object.keys(shown.headers).map((name) => [name, received.headers[name]]));
  const body = shown.body === null ? null : received.body;
  return { documented: filled(shown, { ...received, headers, body }), actual: { ...received, headers, body } };
}

/** The documented value, with the actual one wherever the document has `…`. */
function filled(documented: unknown, actual: unknown): unknown {
  if (typeof documented === 'string') return filledText(documented, actual);
  if (Array.isArray(documented)) {
    const items: unknown[] = Array.isArray(actual) ? actual : [];
    const isOpen = documented.at(-1) === ANYTHING;
    const listed = (isOpen ? documented.slice(0, -1) : documented).map((item, index) => filled(item, items[index]));
    return isOpen ? [...listed, ...items.slice(listed.length)] : listed;
  }
  if (typeof documented !== 'object' || documented === null) return documented;
  const { [ANYTHING]: others, ...members } = documented as Record<string, unknown>;
  const found = (typeof actual === 'object' && actual !== null ? actual : {}) as Record<string, unknown>;
  const listed = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, filled(value, found[name])]));
  return others === undefined ? listed : { ...found, ...listed };
}

function filledText(documented: string, actual: unknown): unknown {
  if (documented === ANYTHING && actual !== undefined) return actual;
  const parts = documented.split(ANYTHING).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return typeof actual === 'string' && new RegExp(`^${parts.join('[^]*')}$`).test(actual) ? actual : documented;
}

function httpResponse(text: string): HttpResponse {
  const [head = '', ...rest] = text.replaceAll('\r\n', '\n').trim().split('\n\n');
  const [status = '', ...lines] = head.split('\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = rest.join('\n\n');
  return { status, headers: Object.fromEntries(headers), body: body === '' ? null : JSON.parse(body) };
}
