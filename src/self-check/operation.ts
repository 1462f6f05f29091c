import type { EntityManager } from 'typeorm';

/** Something that the service does with the database. */
export interface Operation {
  name: string;
  /** Does it, in the manager's transaction where it writes, and throws when what comes of it isn't what should. */
  run: (manager: EntityManager) => Promise<unknown>;
}

/** How it went. */
export interface CheckedOperation {
  operation: string;
  ok: boolean;
  milliseconds: number;
  /** Why it failed. */
  error?: string;
}
