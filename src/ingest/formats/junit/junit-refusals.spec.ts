import { describe, expect, it } from '@jest/globals';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

describe('refusals', () => {
  it.each([
    ['a cut file', '<testsuites>\n<testsuite name="a">\n<testcase name="a"/>', /unclosed tag/, 3],
    ['a file cut in a tag', '<testsuites>\n<testsuite name="a"', /not well-formed/, 2],
    ['crossed tags', '<testsuites>\n<testsuite></testsuites></testsuite>', /unexpected close tag/i, 2],
    ['a document type declaration', '<?xml version="1.0"?>\n<!DOCTYPE testsuites>\n<testsuites/>', /document type/, 2],
    ['entities', '<!DOCTYPE x [<!ENTITY a "b">]>\n<testsuites>&a;</testsuites>', /document type/, 1],
    ['an unknown entity', '<testsuites>\n&nbsp;</testsuites>', /entity/, 2],
    ['a reference to U+0000', '<testsuites>\n<testsuite name="&#0;"/></testsuites>', /not well-formed/, 2],
    [
      'a reference to U+0008',
      '<?xml version="1.1"?><testsuites>\n<testsuite name="&#8;"/></testsuites>',
      /not well-formed/,
      2,
    ],
    ['a forbidden character', '<testsuites>\n<testsuite name="\u0001"/></testsuites>', /disallowed character/, 2],
    [
      'a forbidden character in output',
      '<testsuite><testcase name="a"><system-out>\n\u001b[31m</system-out></testcase></testsuite>',
      /disallowed character/,
      2,
    ],
    ['U+FFFE', '<testsuites>\n\uFFFE</testsuites>', /disallowed character/, 2],
    ['text after the end', '<testsuites/>\nx', /text data outside/, 2],
    ['an attribute twice', '<testsuites>\n<testsuite name="a" name="b"/></testsuites>', /duplicate attribute/, 2],
    ['another root element', '<html>\n</html>', /root element is html/, 2],
    ['deep nesting', `<testsuites>${'<testsuite>'.repeat(1000)}`, /nested deeper/, 1],
  ])('refuses %s', async (_, content, message, line) => {
    await expect(readContentOf(content)).rejects.toMatchObject({
      name: 'EvaluationFileError',
      problem: expect.stringMatching(message),
      line,
    });
  });

  it('refuses a file before its first case', async () => {
    const many = '<testcase name="a"/>\n'.repeat(50_000);
    await expect(readContentOf(`<testsuites><testsuite>${many}`)).rejects.toMatchObject({ line: 50_001 });
  });

  it('refuses bytes that are not in the encoding', async () => {
    const content = Buffer.concat([Buffer.from('<testsuites\nname="'), Buffer.from([0xff, 0x80]), Buffer.from('"/>')]);
    await expect(readContentOf(content)).rejects.toMatchObject({
      problem: expect.stringMatching(/not utf-8/),
      line: 2,
      column: 6,
    });
  });

  it.each(['', ' \n', 'hello', '<'])('refuses %j', async (content) => {
    await expect(readContentOf(content)).rejects.toMatchObject({ name: 'EvaluationFileError' });
  });
});
