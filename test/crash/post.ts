import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface PostAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Nothing came for that long. */
export class NoAnswerError extends Error {}

const agent = new Agent({ keepAlive: true });

/** Sends JSON by POST, once. Not `fetch`, which takes several times as much of a processor that the service needs, too. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: object,
  timeoutMs: number,
): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-type': 'application/json' },
    });
    sending.setTimeout(timeoutMs, () => sending.destroy(new NoAnswerError(`no answer within ${timeoutMs} ms`)));
    sending.on('error', reject);
    sending.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sending.end(JSON.stringify(body));
  });
}
