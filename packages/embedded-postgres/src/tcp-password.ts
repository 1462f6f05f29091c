import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServerUser } from './server-user.js';
import { changeOwner } from './server-user.js';

/** Contains the superuser's password for TCP connections. Mode 600, in a folder of mode 700. */
export function passwordFile(dataDir: string): string {
  return join(dataDir, 'tcp-password');
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

export async function readPassword(dataDir: string): Promise<string> {
  return (await readFile(passwordFile(dataDir), 'utf8')).trim();
}

export async function writePassword(dataDir: string, password: string, user: ServerUser | undefined): Promise<void> {
  await writeFile(passwordFile(dataDir), password, { mode: 0o600 });
  await changeOwner(user, passwordFile(dataDir));
}
