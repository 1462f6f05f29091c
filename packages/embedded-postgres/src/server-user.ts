import { chown, lchown, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { runProgram } from './program.js';

/** User of the server if Node runs as root, which PostgreSQL refuses. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** Ids on nearly every Linux, for images without /etc/passwd. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

export function nodeRunsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user `nobody`. No user is created. */
export async function nobody(): Promise<ServerUser> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(users) ?? [];
  return uid === undefined || gid === undefined ? NOBODY : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Whether a user can enter a folder. Determined by a program: permission bits do not cover access lists and mount options.
 *
 * @throws Error if Node may not run programs as this user
 */
export async function canEnter(user: ServerUser, folder: string): Promise<boolean> {
  try {
    const { exitCode } = await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { user });
    return exitCode === 0;
  } catch (cause) {
    throw new Error(
      `PostgreSQL refuses to run as root, and Node is not allowed to run it as user ${user.uid}. ` +
        'Run Node as an ordinary user, or use another PostgreSQL server.',
      { cause },
    );
  }
}

/** Makes the server's user the owner of a path. No effect without a user. */
export async function changeOwner(user: ServerUser | undefined, path: string): Promise<void> {
  if (user) await chown(path, unsigned(user.uid), unsigned(user.gid));
}

/** Makes the server's user the owner of a folder and its content. */
export async function changeOwnerOfTree(user: ServerUser, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), unsigned(user.uid), unsigned(user.gid));
  }
  await changeOwner(user, folder);
}

/** macOS lists `nobody` as -2, which spawn accepts and chown rejects. */
function unsigned(id: number): number {
  return id >>> 0;
}
