import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A program that administers tests, as CUSTODY_EVALUATOR_URL names one. */
export interface TestEvaluator {
  url: string;
  /** The requests that have come, oldest first. */
  requests: EvaluatorRequest[];
  /** How it answers from now on: with this JSON, or as the function does. */
  answer: object | ((response: ServerResponse, request: EvaluatorRequest) => void);
  close(): Promise<void>;
}

export interface EvaluatorRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** As it came. */
  text: string;
  body: Record<string, unknown>;
}

export async function startEvaluator(): Promise<TestEvaluator> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      const asked: EvaluatorRequest = {
        method: request.method ?? '',
        headers: request.headers,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      evaluator.requests.push(asked);
      if (typeof evaluator.answer === 'function') {
        (evaluator.answer as (response: ServerResponse, request: EvaluatorRequest) => void)(response, asked);
      } else response.setHeader('content-type', 'application/json').end(JSON.stringify(evaluator.answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const evaluator: TestEvaluator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/evaluate`,
    requests: [],
    answer: { passed: true, score: 92, duration: 41.5 },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  return evaluator;
}
