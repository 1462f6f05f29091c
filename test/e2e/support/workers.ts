import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ServiceProcess, startService } from '../../support/service-process.js';
import { until } from './until.js';

/** A connection. All of its requests are served by one worker. */
export interface WorkerConnection {
  /** Number and process id of the worker, as its log lines have them. */
  worker: number;
  pid: number;
  send: (method: string, path: string, headers?: Record<string, string>) => Promise<{ status: number; body: string }>;
  close: () => void;
}

/** Starts the service with two workers, and waits until both listen. */
export async function startWorkers(variables: Record<string, string>): Promise<ServiceProcess> {
  const service = await startService({ WORKERS: '2', ...variables });
  await until(() => service.output().includes('Workers    2 processes'));
  return service;
}

/** Opens a connection, and finds out which worker serves it. */
export async function connectTo(service: ServiceProcess): Promise<WorkerConnection> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send: WorkerConnection['send'] = async (method, path, headers = {}) => {
    const sent = request(`${service.url}${path}`, { agent, method, headers }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? NaN, body: await text(response) };
  };
  const id = randomUUID();
  await send('GET', '/no-such-path', { 'x-request-id': id });
  let line: LogLine | undefined;
  await until(() => (line = logOf(service).find(({ request_id }) => request_id === id)) !== undefined);
  return {
    worker: line?.worker ?? NaN,
    pid: line?.pid ?? NaN,
    send,
    close: () => {
      agent.destroy();
    },
  };
}

/** Opens a connection to each worker. */
export async function connectToBoth(service: ServiceProcess): Promise<[WorkerConnection, WorkerConnection]> {
  const found = new Map<number, WorkerConnection>();
  while (!found.has(1) || !found.has(2)) {
    const connection = await connectTo(service);
    if (found.has(connection.worker)) connection.close();
    else found.set(connection.worker, connection);
  }
  return [found.get(1), found.get(2)] as [WorkerConnection, WorkerConnection];
}

export interface LogLine {
  level: string;
  pid: number;
  worker?: number;
  message: string;
  request_id?: string;
}

export function logOf(service: Pick<ServiceProcess, 'output'>): LogLine[] {
  const lines = service.output().split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
