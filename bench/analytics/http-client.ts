import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { FailedRunError } from '../failed-run.error.js';

export interface HttpRequest {
  method: string;
  path: string;
  /** Sent as JSON. */
  body?: object;
}

/** Sends requests to a service, one at a time, all over the same connection. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly url: string) {}

  /**
   * @returns the body of the answer
   * @throws FailedRunError that names the request when the answer is not 2xx
   */
  async send({ method, path, body }: HttpRequest): Promise<string> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = body ? { 'content-type': 'application/json' } : {};
      request(`${this.url}${path}`, { agent: this.agent, method, headers })
        .on('response', resolve)
        .on('error', reject)
        .end(body && JSON.stringify(body));
    });
    const answer = await text(response);
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw new FailedRunError(`${method} ${path} was answered with ${statusCode}: ${answer}`);
  }

  close(): void {
    this.agent.destroy();
  }
}
