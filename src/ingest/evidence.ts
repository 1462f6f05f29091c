import type { CaseEvidence, JsonRecord, JsonValue } from './evaluation-case.js';
import { isRecord } from './values.js';

/** Limits of evidence: characters of texts; bytes and depth of details. */
export const EVIDENCE_LIMITS = { reason: 2000, url: 2000, text: 200, details: 16_000, depth: 20 } as const;

/** Limits of one value in the details. */
const DETAIL_TEXT = 2000;
const DETAIL_ITEMS = 50;

/** Evidence before it is shortened. Members may be missing and texts longer than allowed. */
export type RawEvidence = Omit<Partial<CaseEvidence>, 'details'> & { source: string; details?: object | null };

/**
 * Shortens texts and details to their limits, and replaces what PostgreSQL cannot store.
 *
 * @returns `cut`: names of the members that were shortened
 */
export function toEvidence(raw: RawEvidence): { evidence: CaseEvidence; cut: string[] } {
  const cut: string[] = [];
  const text = (name: keyof RawEvidence, limit: number): string | null => {
    const value = raw[name];
    if (typeof value !== 'string' || value.trim() === '') return null;
    const storable = toStorable(value.trim());
    if (storable.length <= limit) return storable;
    cut.push(name);
    return cutText(storable, limit);
  };
  const short = (name: keyof RawEvidence): string | null => text(name, EVIDENCE_LIMITS.text);
  const details = toDetails(raw.details ?? null, () => cut.push('details'));
  const evidence = {
    source: short('source') ?? 'unknown',
    run_id: short('run_id'),
    case_id: short('case_id'),
    attempt: toAttempt(raw.attempt),
    evaluator: short('evaluator'),
    model: short('model'),
    agent_version: short('agent_version'),
    environment: short('environment'),
    url: text('url', EVIDENCE_LIMITS.url),
    reason: text('reason', EVIDENCE_LIMITS.reason),
    details,
  };
  return { evidence, cut: [...new Set(cut)] };
}

/** Cuts a text to a length, and marks the cut. Does not split a surrogate pair. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Replaces U+0000 and lone surrogates, which PostgreSQL cannot store. */
export function toStorable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

function toAttempt(attempt: number | null | undefined): number | null {
  return typeof attempt === 'number' && Number.isSafeInteger(attempt) && attempt >= 1 ? attempt : null;
}

/** Bounded copy of the details. Members that exceed the total size are left out; `__omitted` counts them. */
function toDetails(details: object | null, onCut: () => void): JsonRecord | null {
  const members: [string, JsonValue][] = [];
  let size = 2;
  let omitted = 0;
  for (const [key, item] of Object.entries(details ?? {})) {
    if (item === null || item === undefined) continue;
    const member: [string, JsonValue] = [toKey(key), toJson(item, 1, onCut)];
    const length = Buffer.byteLength(JSON.stringify(member));
    if (size + length > EVIDENCE_LIMITS.details - 100) omitted += 1;
    else {
      size += length;
      members.push(member);
    }
  }
  if (omitted > 0) {
    onCut();
    members.push(['omitted_members', omitted]);
  }
  return members.length === 0 ? null : Object.fromEntries(members);
}

function toJson(value: unknown, depth: number, onCut: () => void): JsonValue {
  if (typeof value === 'string') {
    if (value.length > DETAIL_TEXT) onCut();
    return cutText(toStorable(value), DETAIL_TEXT);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  const entries = Object.entries(value);
  if (entries.length > DETAIL_ITEMS || depth > EVIDENCE_LIMITS.depth) onCut();
  const kept = depth > EVIDENCE_LIMITS.depth ? [] : entries.slice(0, DETAIL_ITEMS);
  const items = kept.map(([key, item]): [string, JsonValue] => [toKey(key), toJson(item, depth + 1, onCut)]);
  return isRecord(value) ? Object.fromEntries(items) : items.map(([, item]) => item);
}

function toKey(key: string): string {
  return key === '__proto__' ? '_proto_' : cutText(toStorable(key), EVIDENCE_LIMITS.text);
}
