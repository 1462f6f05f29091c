import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import type { AgentVerifier } from './agent-verifier.js';

/** $1 hashes of the last events of merged agents. */
const FIND_MERGED = `
  SELECT event.payload -> 'source' AS source FROM agent_events event
   WHERE event.type = 'merged' AND event.payload -> 'source' ->> 'head' = ANY($1)`;
/** $1 names of merged agents, $2 versions of their last events. */
const FIND_ENDS = `
  SELECT event.agent_type, encode(event.hash, 'hex') AS hash
    FROM agent_events event
    JOIN (SELECT agent_type, version FROM unnest($1::text[], $2::integer[]) asked (agent_type, version)) asked
      ON event.agent_type = asked.agent_type AND event.version = asked.version
   WHERE event.type = 'merged_into'`;

/**
 * Verifies merges, which are recorded in two hash chains: a merged agent must be contained in the agent that it was merged
 * into, with its last state, and its chain must exist.
 */
export async function verifyMerges(manager: EntityManager, verifiers: readonly AgentVerifier[]): Promise<void> {
  await verifyEnds(
    manager,
    verifiers.filter(({ ended }) => ended !== null),
  );
  await verifyTargets(
    manager,
    verifiers.filter(({ merged }) => merged.size > 0),
  );
}

async function verifyEnds(manager: EntityManager, verifiers: readonly AgentVerifier[]): Promise<void> {
  if (verifiers.length === 0) return;
  const heads = verifiers.map(({ ended }) => ended?.head);
  const merged = (await manager.query<{ source: unknown }[]>(FIND_MERGED, [heads])).map(({ source }) => source);
  for (const verifier of verifiers) {
    const { ended } = verifier;
    if (!ended) continue;
    const matches = merged.filter((source) => isDeepStrictEqual(source, ended));
    if (matches.length !== 1) {
      verifier.reportEvent(ended.version, `merges the agent, but ${matches.length} agents contain it with this state`);
    }
  }
}

async function verifyTargets(manager: EntityManager, verifiers: readonly AgentVerifier[]): Promise<void> {
  if (verifiers.length === 0) return;
  const sources = verifiers.flatMap(({ merged }) => [...merged.values()]);
  const ends = await manager.query<{ agent_type: string; hash: string }[]>(FIND_ENDS, [
    sources.map(({ agent_type }) => agent_type),
    sources.map(({ version }) => (Number.isSafeInteger(version) ? version : 0)),
  ]);
  for (const verifier of verifiers) {
    for (const [version, { agent_type, head }] of verifier.merged) {
      if (!ends.some((end) => end.agent_type === agent_type && end.hash === head)) {
        verifier.reportEvent(version, `contains ${JSON.stringify(agent_type)}, whose hash chain is missing or differs`);
      }
    }
  }
}
