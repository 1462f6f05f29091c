/** Stands in for curl where it is missing: the options that the documents use, by fetch. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
    include: { type: 'boolean', short: 'i' },
    fail: { type: 'boolean', short: 'f' },
    silent: { type: 'boolean', short: 's' },
    output: { type: 'string', short: 'o' },
  },
});
const response = await globalThis.fetch(positionals[0], {
  method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
  headers: values.header.map((header) => /^([^:]+):\s*(.*)$/.exec(header).slice(1)),
  body: values.data,
});
const head = [
  `HTTP/1.1 ${response.status} ${response.statusText}`,
  ...[...response.headers].map((pair) => pair.join(': ')),
];
const text = `${values.include ? `${head.join('\r\n')}\r\n\r\n` : ''}${await response.text()}`;
if (values.output) writeFileSync(values.output, text);
else process.stdout.write(text);
if (values.fail && !response.ok) process.exitCode = 22;
