import { EntityManager } from 'typeorm';
import { HostSession } from './host-session.js';
import type { Session } from './session.js';

/**
 * Whether writes can join: a session of `TransactionRunner.run`, or the EntityManager of a running transaction. If its
 * connection was lost, TypeORM has released the query runner, but the transaction still counts as running.
 */
export function isJoinable(outer: unknown): outer is Session {
  if (outer instanceof HostSession) return true;
  if (!(outer instanceof EntityManager)) return false;
  return outer.queryRunner?.isTransactionActive === true;
}
