/** A JUnit report with one suite. */
export const suite = (content: string, attributes = 'name="suite"'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite ${attributes}>${content}</testsuite></testsuites>`;
