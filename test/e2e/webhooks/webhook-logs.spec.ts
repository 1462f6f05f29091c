import { expect, it } from '@jest/globals';
import { createTestDatabase } from '../../support/test-database.js';
import { startService } from '../../support/service-process.js';
import { startReceiver } from '../../support/webhook-receiver.js';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const LEVELS = ['verbose', 'info'];

it.each(LEVELS)('logs of the level %s have neither secrets nor the paths of receivers', async (level) => {
  const database = await createTestDatabase();
  const receiver = await startReceiver();
  const service = await startService({
    DATABASE_URL: database.url,
    LOG_LEVEL: level,
    WEBHOOK_ALLOW_PRIVATE: 'on',
    WEBHOOK_TIMEOUT: '0.3',
    WEBHOOK_RETRY_DELAYS: '0.05,0.05',
  });
  const send = async (method: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(service.url + path, { method, headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  };
  try {
    receiver.react = () => 'die';
    const url = receiver.url.replace('/hook', '/hooks/path-token?key=query-token');
    const created = await send('POST', '/api/webhooks', { url, types: ['event.recorded'], secret: SECRET });
    const { id } = created['endpoint'] as { id: string };
    const rotated = await send('POST', `/api/webhooks/${id}/rotate-secret`, {});
    await send('POST', `/api/webhooks/${id}/rotate-secret`, { secret: 'whsec_wrong-secret' });
    await send('POST', '/api/webhooks', { url: 'http://user:pass-token@localhost/', types: [] });
    await send('POST', `/api/webhooks/${id}/test`, {});
    await send('POST', '/api/agent-metrics/logged/custody-test', { passed: true, score: 1, duration: 1 });
    await receiver.until(() => receiver.received.length >= 4);
    // The secrets of the row are invalid from now on, as is its URL.
    const stored = `[{"secret": "${SECRET.slice(0, 20)}", "expires_at": null}]`;
    await database.query(`UPDATE webhook_endpoints SET secrets = $1, revision = revision + 1`, [stored]);
    await send('PATCH', `/api/webhooks/${id}`, { enabled: true });
    await send('POST', `/api/webhooks/${id}/test`, {});
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const output = service.output();
    expect(output).toContain(id);
    for (const secret of [SECRET, String(rotated['secret']), SECRET.slice(0, 20), 'wrong-secret']) {
      expect(output).not.toContain(secret);
    }
    for (const token of ['path-token', 'query-token', 'pass-token']) expect(output).not.toContain(token);
  } finally {
    await service.end('SIGTERM');
    await receiver.close();
    await database.drop();
  }
});
