import { queryOptions } from '@tanstack/react-query';
import { request } from './client.js';
import { getApiKey } from './session.js';
import type { Scope } from './types.js';

export interface ApiKey {
  id: string;
  name: string;
  scope: Scope;
  agents: string[] | null;
  state: 'valid' | 'rotated' | 'expired' | 'revoked';
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export interface NewKey {
  name: string;
  scope: Scope;
  agents: string[] | null;
  expires_at: string | null;
}

export interface Rotation {
  overlap_seconds: number;
  expires_at: string | null;
}

/** A change of keys is effective on every instance after this time. */
export const KEY_PROPAGATION_MS = 1_200;
const ROOT = 'api/keys';

export const apiKeysQuery = () =>
  queryOptions({
    queryKey: ['api-keys'],
    queryFn: async ({ signal }) => (await request<{ keys: ApiKey[] }>(ROOT, { signal })).keys,
  });

/** @returns the text of the key */
export const createKey = async (body: NewKey): Promise<string> =>
  (await request<{ created: { key: string } }>(ROOT, { method: 'POST', body })).created.key;

/** @returns the text of the new key */
export const rotateKey = async (name: string, body: Rotation): Promise<string> =>
  (await request<{ created: { key: string } }>(`${ROOT}/${encodeURIComponent(name)}/rotate`, { method: 'POST', body }))
    .created.key;

export const revokeKey = (id: string): Promise<unknown> =>
  request(`${ROOT}/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** Whether the dashboard sends this key. */
export const isOwnKey = ({ id }: ApiKey): boolean => getApiKey()?.startsWith(`lvlup_${id}_`) ?? false;
