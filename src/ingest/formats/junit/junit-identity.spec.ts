import { describe, expect, it } from '@jest/globals';
import { suite } from '../../../../test/support/ingest/junit-suite.js';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

describe('identity', () => {
  const ids = async (content: string, run?: string): Promise<string[]> =>
    (await readContentOf(content, { run })).cases.map(({ id }) => id);
  const dated = 'name="s" timestamp="2025-01-01T00:00:00"';

  it('is the same for the same file', async () => {
    const content = suite('<testcase name="a"/><testcase name="b"/>');
    expect(await ids(content)).toEqual(await ids(content));
    expect(new Set(await ids(content)).size).toBe(2);
    expect(await ids(content)).not.toEqual(await ids(`${content}\n`));
  });

  it('is kept by a longer report of the same suite', async () => {
    const [a, b] = await ids(suite('<testcase name="a"/><testcase name="b"/>', dated));
    expect(await ids(suite('<testcase name="0"/><testcase name="b"/><testcase name="a"/>', dated))).toEqual([
      expect.any(String),
      b,
      a,
    ]);
  });

  it('follows from the option', async () => {
    const report = suite('<testcase name="a"/>', dated);
    const later = suite('<testcase name="a" time="9"/>', 'name="suite" timestamp="2026-01-01T00:00:00"');
    expect(await ids(report, '1')).not.toEqual(await ids(report, '2'));
    expect(await ids(suite('<testcase name="a"/>'), '1')).toEqual(await ids(later, '1'));
  });

  it('distinguishes cases with the same names by their order', async () => {
    const cases = '<testcase name="a"/><testcase name="a"/><testcase name="a" classname="b"/>';
    expect(new Set(await ids(suite(cases, dated))).size).toBe(3);
  });

  it('counts skipped cases, which may run later', async () => {
    const run = '<testcase name="a"/>';
    const [, second] = await ids(suite(run + run, dated));
    expect(await ids(suite(`<testcase name="a"><skipped/></testcase>${run}`, dated))).toEqual([second]);
  });

  it('is printable ASCII of at most 255 characters', async () => {
    const [id] = await ids(suite(`<testcase name="${'ü'.repeat(10_000)}"/>`));
    expect(id).toMatch(/^[!-~]{1,255}$/);
  });
});

describe('evidence', () => {
  it('has message, attempts, host and place', async () => {
    const { cases } = await readContentOf(
      suite(
        '<testcase name="t" classname="c" file="a.ts" line="3"><flakyFailure message="first" type="E"><stackTrace>at x</stackTrace>' +
          '<system-out>noise</system-out></flakyFailure><rerunFailure><stackTrace>at y</stackTrace></rerunFailure>' +
          '<failure message="expected 1">diff</failure></testcase>',
        'name="s" hostname="ci-1" timestamp="2025-01-01T00:00:00"',
      ),
    );
    expect(cases[0]).toMatchObject({
      model: null,
      evidence: {
        source: 'junit',
        run_id: '2025-01-01T00:00:00',
        attempt: 3,
        environment: 'ci-1',
        reason: 'expected 1',
        details: {
          file: 'a.ts',
          text: 'diff',
          attempts: [
            { kind: 'flakyFailure', type: 'E', message: 'first' },
            { kind: 'rerunFailure', message: 'at y' },
          ],
        },
      },
    });
  });

  it('is shortened', async () => {
    const { cases } = await readContentOf(
      suite(`<testcase name="t"><failure message="${'x'.repeat(5000)}"/></testcase>`),
    );
    expect(cases[0]?.evidence.reason).toHaveLength(2000);
    expect(cases[0]?.notes).toMatchObject([{ code: 'evidence_cut' }]);
  });

  it('has the model of a property', async () => {
    const { cases } = await readContentOf(
      suite('<testcase name="t"><properties><property name="model" value="m"/></properties></testcase>'),
    );
    expect(cases[0]?.model).toBe('m');
  });
});
