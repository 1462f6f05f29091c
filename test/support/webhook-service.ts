import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointRequest, WebhookEndpoint } from '../../src/webhooks/index.js';
import { WebhookEndpoints } from '../../src/webhooks/webhook-endpoints.service.js';
import type { TestDatabase } from './test-database.js';
import { startTestService, type TestService } from './test-service.js';
import { startReceiver, type WebhookReceiver } from './webhook-receiver.js';

/** Delays between attempts, in seconds: 50, so that nothing is disabled by a failing test. */
const RETRY_DELAYS = Array(50).fill('0.05').join();

/** The service without HTTP, and a receiver. */
export interface WebhookService {
  test: TestService;
  endpoints: WebhookEndpoints;
  receiver: WebhookReceiver;
  /** Creates an endpoint at the receiver. */
  create(types: EndpointRequest['types'], options?: Partial<EndpointRequest>): Promise<WebhookEndpoint>;
  /** Accepted messages in the order of their first acceptance: type, agent, version, and what changed. */
  accepted(): string[];
  close(): Promise<void>;
}

/** @param shared another instance's database */
export async function startWebhookService(
  variables: Record<string, string> = {},
  shared?: TestDatabase,
): Promise<WebhookService> {
  const settings = { WEBHOOK_ALLOW_PRIVATE: 'on', WEBHOOK_TIMEOUT: '1', WEBHOOK_RETRY_DELAYS: RETRY_DELAYS };
  const test = await startTestService({ CONNECTION_POOL_SIZE: '6', ...settings, ...variables }, shared);
  const endpoints = test.get(WebhookEndpoints);
  const receiver = await startReceiver();
  return {
    test,
    endpoints,
    receiver,
    create: async (types, options) => (await endpoints.create({ url: receiver.url, types, ...options })).endpoint,
    accepted: () => [
      ...new Map(
        receiver.received.filter(({ accepted }) => accepted).map((message) => [message.id, describe(message.body)]),
      ).values(),
    ],
    close: async () => {
      await test.close();
      await receiver.close();
    },
  };
}

function describe({ type, data }: { type: string; data: Record<string, unknown> }): string {
  const { agent_type, version, gate, eligible, cause, level } = data as Record<string, string | number | boolean>;
  const change = gate === undefined ? [] : [gate, eligible ? 'opened' : 'closed', cause];
  return [type, agent_type, version, ...change, ...(level === undefined ? [] : [level])].join(' ');
}

export async function waitFor(condition: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error('the condition did not hold in time');
    await sleep(20);
  }
}
