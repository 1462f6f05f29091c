import { chown, lchown, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { runProgram } from './program.js';

/** The user PostgreSQL runs as when Node runs as root, which PostgreSQL refuses. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** What nearly every Linux uses, for images without a user list. */
const NOBODY: ServerUser = { uid: 65534, gid: 65534 };

export function nodeRunsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The existing user `nobody`: no user is ever created. */
export async function nobody(): Promise<ServerUser> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(users) ?? [];
  return uid === undefined || gid === undefined ? NOBODY : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Tries whether a user can enter a folder: permission bits alone don't tell (access lists, mount options).
 *
 * @throws Error when Node may not run programs as this user at all.
 */
export async function canEnter(user: ServerUser, folder: string): Promise<boolean> {
  try {
    const { exitCode } = await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { user });
    return exitCode === 0;
  } catch (cause) {
    throw new Error(
      `PostgreSQL refuses to run as root, and Node is not allowed to run it as user ${user.uid}. ` +
        'Run Node as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

/** Hands a file or folder of ours to the server's user; nothing to do unless Node runs as root. */
export async function giveTo(user: ServerUser | undefined, path: string): Promise<void> {
  if (user) await chown(path, unsigned(user.uid), unsigned(user.gid));
}

/** Hands a folder of ours and all it holds to the server's user. */
export async function giveTreeTo(user: ServerUser, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), unsigned(user.uid), unsigned(user.gid));
  }
  await giveTo(user, folder);
}

/** macOS lists `nobody` as -2, which spawn takes and chown doesn't. */
function unsigned(id: number): number {
  return id >>> 0;
}
