import { setTimeout as sleep } from 'node:timers/promises';
import { ApiKeys, type CreatedKey, type DeliverKey, KEY_PROPAGATION_MS, type ListedKey } from '../../auth/index.js';
import type { Scope } from '../../http/access/index.js';
import { Output, type OutputOptions } from '../output.js';
import { runInSession } from '../session.js';
import { table } from '../table.js';
import { withServices } from '../with-services.js';

export interface CreateOptions extends OutputOptions {
  name: string;
  scope: Scope;
  agents?: string[];
  expires?: Date;
}

export interface RotateOptions extends OutputOptions {
  /** Milliseconds. */
  overlap: number;
  expires?: Date;
}

const COLUMNS = ['id', 'name', 'scope', 'agents', 'state', 'created_at', 'expires_at', 'last_used_at'] as const;

export async function createKey({ name, scope, agents, expires, ...options }: CreateOptions): Promise<void> {
  await issueKey(options, (keys, deliver) => keys.create({ name, scope, agents, expiresAt: expires ?? null }, deliver));
}

export async function listKeys(options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const keys = await withKeys(output, (service) => service.list());
  await output.result(keys, table(COLUMNS, keys.map(toTableRow)));
}

export async function rotateKey(name: string, { overlap, expires, ...options }: RotateOptions): Promise<void> {
  await issueKey(options, (keys, deliver) => keys.rotate(name, overlap, expires ?? null, deliver));
}

export async function revokeKeys(nameOrId: string, options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const revoked = await withKeys(output, (keys) => keys.revoke(nameOrId));
  await sleep(KEY_PROPAGATION_MS);
  await output.result({ revoked }, [revoked === 1 ? 'Revoked 1 key.' : `Revoked ${revoked} keys.`]);
}

/** Issues a key. It is stored only if it could be printed. Returns when it is effective in all instances. */
async function issueKey(
  options: OutputOptions,
  issue: (keys: ApiKeys, deliver: DeliverKey) => Promise<CreatedKey>,
): Promise<void> {
  const output = new Output(options);
  const printed: CreatedKey[] = [];
  const deliver: DeliverKey = async (created) => {
    await output.result(created, [created.key]);
    printed.push(created);
  };
  try {
    await withKeys(output, (keys) => issue(keys, deliver));
  } catch (error) {
    if (printed.length > 0) {
      output.note('The printed key may be invalid. Check with the command keys list whether it was stored.');
    }
    throw error;
  }
  await sleep(KEY_PROPAGATION_MS);
  const [created] = printed;
  if (created && !options.json) output.note(describeKey(created));
}

function withKeys<T>(output: Output, work: (keys: ApiKeys) => Promise<T>): Promise<T> {
  return runInSession(output.note, (session) =>
    withServices(session, (services) => work(services.get(ApiKeys, { strict: false }))),
  );
}

/** Printed to stderr: stdout contains the key only, and may be redirected to a file. */
function describeKey({ name, scope, agents, expires_at }: CreatedKey): string {
  const expiry = expires_at ? `expires ${expires_at.toISOString()}` : 'does not expire';
  return `Key ${name} (${scope}, agents: ${formatAgents(agents)}), ${expiry}. It is not shown again.`;
}

function formatAgents(agents: readonly string[] | null): string {
  return agents?.join(',') ?? 'all';
}

function toTableRow(key: ListedKey): Record<(typeof COLUMNS)[number], string> {
  const { id, name, scope, state } = key;
  const [created_at = '', expires_at = 'never', last_used_at = 'never'] = [
    key.created_at,
    key.expires_at,
    key.last_used_at,
  ].map((time) => time?.toISOString());
  return { id, name, scope, agents: formatAgents(key.agents), state, created_at, expires_at, last_used_at };
}
