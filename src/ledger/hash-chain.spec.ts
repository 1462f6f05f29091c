import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { carryOut } from '../../test/factories/decision.factory.js';
import { GENESIS_HASH, hashRecord, seal, toHashedForms } from './hash-chain.js';

const { events } = carryOut([
  { type: 'create' },
  { type: 'custody_test', data: { passed: true, score: 95, duration: 1 } },
  { type: 'reset' },
]);
const provenance = { actor: null, idempotency_key: null, request_hash: null };
type HashedEvent = Parameters<typeof toHashedForms>[0];
const hashEvent = (event: HashedEvent) => hashRecord(event, toHashedForms(event), GENESIS_HASH);

describe('seal', () => {
  it('links each event to the previous one', () => {
    const sealed = seal(events, provenance, null);
    expect(sealed[0]?.prev_hash).toEqual(GENESIS_HASH);
    expect(sealed[1]?.prev_hash).toEqual(sealed[0]?.hash);
    expect(sealed[2]?.prev_hash).toEqual(sealed[1]?.hash);
  });

  it('continues an existing chain', () => {
    const whole = seal(events, provenance, null);
    const head = whole[0]?.hash ?? null;
    expect(seal(events.slice(1), provenance, head)).toEqual(whole.slice(1));
  });
});

describe('hashRecord', () => {
  it('hashes the previous hash followed by the canonical JSON, as documented', () => {
    const event = {
      agent_type: 'guardian',
      version: 2,
      rules_version: 1,
      type: 'custody_xp',
      payload: { amount: 5 },
      result: { xp: 1 },
      occurred_at: new Date('2025-01-25T10:00:00.120Z'),
      recorded_at: new Date('2025-01-25T10:00:01Z'),
      actor: null,
      idempotency_key: 'k',
      request_hash: Buffer.from('ff00', 'hex'),
    } as unknown as HashedEvent;
    const canonical =
      '{"actor":null,"agent_type":"guardian","idempotency_key":"k","occurred_at":"2025-01-25T10:00:00.120000Z",' +
      '"payload":{"amount":5},"recorded_at":"2025-01-25T10:00:01.000000Z","request_hash":"ff00","result":{"xp":1},' +
      '"rules_version":1,"type":"custody_xp","version":2}';
    const expected = createHash('sha256').update(GENESIS_HASH).update(canonical).digest('hex');
    expect(hashEvent(event).toString('hex')).toBe(expected);
  });

  it.each([
    { agent_type: 'other' },
    { version: 9 },
    { type: 'reset' },
    { payload: { id: 'x', agent_id: 'y' } },
    { result: {} },
    { rules_version: 4 },
    { actor: 'a' },
    { idempotency_key: 'k' },
    { request_hash: Buffer.from([1]) },
    { occurred_at: new Date(0) },
    { recorded_at: new Date(0) },
  ])('changes with %j', (change) => {
    const event = { ...events[0], ...provenance } as HashedEvent;
    const changed = { ...event, ...change } as HashedEvent;
    expect(hashEvent(changed)).not.toEqual(hashEvent(event));
  });
});
