import type { Session } from '../transactions/index.js';

/** Number of events per statement, so that each is much shorter than the statement timeout. */
const EVENTS_AT_ONCE = 20_000;
const LAST = 'SELECT max(version) AS last FROM agent_events WHERE agent_type = $1';

/** Calls back for each range of versions of an agent, in order: versions after `after`, up to and including `last`. */
export async function forEachRange(
  session: Session,
  agentType: string,
  work: (after: number, last: number) => Promise<void>,
): Promise<void> {
  const [newest] = await session.query<{ last: number | null }[]>(LAST, [agentType]);
  const end = newest?.last ?? 0;
  for (let after = 0; after < end; after += EVENTS_AT_ONCE) await work(after, after + EVENTS_AT_ONCE);
}

const DELETE = 'DELETE FROM agent_events WHERE agent_type = $1 AND version > $2 AND version <= $3';

/** Deletes the events of an agent. Returns their number. */
export async function deleteEvents(session: Session, agentType: string): Promise<number> {
  let count = 0;
  await forEachRange(session, agentType, async (after, last) => {
    const [, deleted] = await session.query<[unknown[], number]>(DELETE, [agentType, after, last]);
    count += deleted;
  });
  return count;
}
