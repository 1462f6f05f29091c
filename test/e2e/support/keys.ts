import { ApiKeys, type KeyRequest } from '../../../src/auth/api-keys.service.js';
import type { TestApp } from '../../support/test-app.js';

/** Makes a key, of all scopes unless another one is asked for. Requests see it when the app has read its keys since. */
export async function createKey({ app }: TestApp, request: Partial<KeyRequest> & { name: string }): Promise<string> {
  const keys = app.get(ApiKeys, { strict: false });
  const { key } = await keys.create({ scope: 'admin', expiresAt: null, ...request });
  return key;
}

/** The header that shows a key or token. */
export function bearer(credential: string): Record<string, string> {
  return { authorization: `Bearer ${credential}` };
}
