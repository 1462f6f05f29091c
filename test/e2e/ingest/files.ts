/** A JUnit report. The identity of its run does not depend on the number of its cases. */
export function createReport(cases: number, { failed = 0, output = '' } = {}): string {
  const lines = Array.from({ length: cases }, (_, index) => {
    const failure = index < failed ? '<failure message="expected 1 to be 2"/>' : '';
    return `<testcase classname="unit" name="case ${index}" time="0.5">${failure}<system-out>${output}</system-out></testcase>`;
  });
  return `<testsuite name="s" timestamp="2026-01-01T00:00:00">\n${lines.join('\n')}\n</testsuite>\n`;
}

/** An Inspect log with a sample of each score. */
export function createLog(scores: readonly unknown[], model = 'openai/gpt-4o'): string {
  return JSON.stringify({
    version: 2,
    status: 'success',
    eval: { eval_id: 'E', run_id: 'R', task: 'pkg/task', model, created: '2026-01-01T00:00:00+00:00' },
    samples: scores.map((value, index) => ({
      id: index,
      epoch: 1,
      uuid: `u${index}`,
      scores: { match: { value } },
    })),
  });
}
