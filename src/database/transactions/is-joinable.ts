import { EntityManager } from 'typeorm';
import { HostSession } from './host-session.js';
import type { Session } from './session.js';

/** Whether writes can join: a session of `TransactionRunner.run`, or the EntityManager of a running transaction. */
export function isJoinable(outer: unknown): outer is Session {
  if (outer instanceof HostSession) return true;
  if (!(outer instanceof EntityManager)) return false;
  const { queryRunner } = outer;
  return queryRunner !== undefined && queryRunner.isTransactionActive && !queryRunner.isReleased;
}
