import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Prints what the scenarios counted as a table. */
export default async function teardown() {
  const file = process.env.CRASH_SUMMARY;
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean).map(JSON.parse);
  if (lines.length > 0) process.stdout.write(`\n${table(lines)}\n\n`);
  await rm(dirname(file), { recursive: true });
}

function table(lines) {
  const names = Object.keys(lines[0]);
  const rows = [names, ...lines.map((line) => names.map((name) => String(line[name])))];
  const widths = names.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([first, ...numbers]) => [
      first.padEnd(widths[0]),
      ...numbers.map((number, index) => number.padStart(widths[index + 1])),
    ])
    .map((cells) => cells.join('  '))
    .join('\n');
}
