import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { suite } from '../../../../test/support/ingest/junit-suite.js';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

describe('outcomes of testcases', () => {
  const outcomes = async (content: string, junitErrors?: 'failed'): Promise<string[]> => {
    const { items } = await readContentOf(suite(content), { junitErrors });
    return items.map((item) => (item.kind === 'case' ? item.outcome : item.kind === 'skipped' ? item.code : item.kind));
  };

  it.each([
    ['<testcase name="a"/>', 'passed'],
    ['<testcase name="a"><failure/></testcase>', 'failed'],
    ['<testcase name="a"><error/></testcase>', 'errored'],
    ['<testcase name="a"><error/><failure/></testcase>', 'failed'],
    ['<testcase name="a"><skipped/></testcase>', 'not_run'],
    ['<testcase name="a"><skipped/><failure/></testcase>', 'failed'],
    ['<testcase name="a"><skipped/><error/></testcase>', 'errored'],
    ['<testcase name="a" status="notrun"/>', 'not_run'],
    ['<testcase name="a" status="run" result="completed"/>', 'passed'],
    ['<testcase name="a" status="run" result="suppressed"/>', 'not_run'],
    ['<testcase name="a" status="Disabled"/>', 'not_run'],
    ['<testcase name="a" status="not run"/>', 'not_run'],
    ['<testcase name="a" status="skipped"><failure/></testcase>', 'failed'],
    ['<testcase name="a" status="failed"/>', 'passed'],
    ['<testcase name="a"><flakyFailure/></testcase>', 'passed'],
    ['<testcase name="a"><flakyError/></testcase>', 'passed'],
    ['<testcase name="a"><failure/><rerunFailure/></testcase>', 'failed'],
    ['<testcase name="a"><rerunError/></testcase>', 'passed'],
    ['<testcase name="a"><system-out><failure/></system-out></testcase>', 'passed'],
    ['<testcase name="a"><system-out>&lt;failure/&gt;</system-out></testcase>', 'passed'],
    ['<testcase name="a"><system-out><![CDATA[<failure/>]]></system-out></testcase>', 'passed'],
    ['<testcase name="a"><properties><property name="failure" value="1"/></properties></testcase>', 'passed'],
    ['<testcase name="a"><flakyFailure><failure/></flakyFailure></testcase>', 'passed'],
  ])('%s: %s', async (content, outcome) => {
    expect(await outcomes(content)).toEqual([outcome]);
  });

  it('counts errors as failures on request', async () => {
    expect(await outcomes('<testcase name="a"><error/></testcase>', 'failed')).toEqual(['failed']);
  });

  it('scores passed cases 100 and failed cases 0', async () => {
    const { cases } = await readContentOf(
      suite('<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><error/></testcase>'),
    );
    expect(cases.map(({ score }) => score)).toEqual([100, 0, null]);
  });

  it('notes a status that contradicts the outcome', async () => {
    const { cases } = await readContentOf(suite('<testcase name="a" status="failed"/>'));
    expect(cases[0]?.notes.map(({ code }) => code)).toEqual(['status_contradicts']);
  });
});

describe('documents', () => {
  it('reads suites nested to any depth, in document order', async () => {
    const { cases } = await readContentOf(
      '<testsuites name="all"><testsuite name="a"><testcase name="1"/><testsuite name="b"><testcase name="2"/>' +
        '<testsuite name="c"><testcase name="3"/></testsuite><testcase name="4"/></testsuite><testcase name="5"/>' +
        '</testsuite><testcase name="6"/></testsuites>',
    );
    expect(cases.map(({ evidence }) => evidence.case_id)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(cases.map(({ task }) => task)).toEqual(['a', 'b', 'c', 'b', 'a', 'all']);
    expect(cases[2]?.evidence.details?.['suites']).toEqual(['all', 'a', 'b', 'c']);
  });

  it('reads a single suite, namespaces, entities, CDATA and comments', async () => {
    const { cases } = await readContentOf(
      '<j:testsuite xmlns:j="urn:x" name="s"><!-- <testcase/> --><?pi <testcase/> ?>' +
        '<j:testcase name="&lt;a&gt; &#x1F600; &amp;" classname="c"><j:failure message="" type="T"><![CDATA[a < b]]> &amp; c</j:failure>' +
        '</j:testcase></j:testsuite>',
    );
    expect(cases).toMatchObject([
      {
        outcome: 'failed',
        evidence: { case_id: 'c › <a> 😀 &', reason: 'a < b & c', details: { result_type: 'T' } },
      },
    ]);
  });

  it.each([
    [
      'UTF-8 with a byte order mark',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(suite('<testcase name="é"/>'))]),
    ],
    [
      'UTF-16, little endian',
      Buffer.from(`\uFEFF${suite('<testcase name="é"/>').replace('UTF-8', 'UTF-16')}`, 'utf16le'),
    ],
    ['UTF-16, big endian', Buffer.from(`\uFEFF${suite('<testcase name="é"/>')}`, 'utf16le').swap16()],
    [
      'UTF-16 without a byte order mark',
      Buffer.from(suite('<testcase name="é"/>').replace('UTF-8', 'UTF-16'), 'utf16le'),
    ],
    ['ISO 8859-1', Buffer.from(suite('<testcase name="é"/>').replace('UTF-8', 'ISO-8859-1'), 'latin1')],
    ['gzip', gzipSync(suite('<testcase name="é"/>'))],
  ])('reads %s', async (_, content) => {
    const { cases } = await readContentOf(content);
    expect(cases.map(({ evidence }) => evidence.case_id)).toEqual(['é']);
  });

  it('does not depend on where the pieces of the file end', async () => {
    const noise = `<system-out><![CDATA[${'x ]] <failure> '.repeat(200_000)}]]></system-out>`;
    const { cases } = await readContentOf(
      suite(`<testcase name="a">${noise}</testcase>${noise}<testcase name="b"><failure>why</failure></testcase>`),
    );
    expect(cases.map(({ outcome, evidence }) => [outcome, evidence.reason])).toEqual([
      ['passed', null],
      ['failed', 'why'],
    ]);
  });
});

describe('times', () => {
  it.each([
    ['0.25', 0.25],
    ['1,234.5', 1234.5],
    ['1,234,567.891', 1_234_567.891],
    ['1,234', 1234],
    ['0,123', 0.123],
    ['12,5', 12.5],
    ['1.234,5', 1234.5],
    ['1 234.5', 1234.5],
    ['1\u00a0234.5', 1234.5],
    ["1'234.5", 1234.5],
    ['1.5E-4', 0.00015],
    ['.5', 0.5],
    [' 3 ', 3],
    ['', null],
  ])('%s: %s', async (time, duration) => {
    const { cases } = await readContentOf(suite(`<testcase name="a" time="${time}"/>`));
    expect(cases).toMatchObject([{ duration, notes: [] }]);
  });

  it.each(['-1', 'NaN', 'abc', '1,2,3', '1e300', '12,34.5'])('notes the time %s', async (time) => {
    const { cases } = await readContentOf(suite(`<testcase name="a" time="${time}"/>`));
    expect(cases).toMatchObject([{ duration: null, notes: [{ code: 'duration_unreadable' }] }]);
  });

  it('has no duration without a time', async () => {
    const { cases } = await readContentOf(suite('<testcase name="a"/>'));
    expect(cases).toMatchObject([{ duration: null, timestamp: null, notes: [] }]);
  });

  it('takes the timestamp of the case, else of the innermost suite', async () => {
    const { cases } = await readContentOf(
      '<testsuites timestamp="2025-01-01T00:00:00"><testsuite timestamp="2025-01-02T00:00:00"><testcase name="a"/>' +
        '<testcase name="b" timestamp="2025-01-03 00:00:00"/></testsuite><testcase name="c"/></testsuites>',
    );
    expect(cases.map(({ timestamp }) => timestamp?.toISOString().slice(0, 10))).toEqual([
      '2025-01-02',
      '2025-01-03',
      '2025-01-01',
    ]);
  });
});
