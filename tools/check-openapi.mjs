// Fails if openapi.json differs from the document that the code generates. Run after a build.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const current = execFileSync(process.execPath, ['dist/src/cli/print-openapi.js'], { encoding: 'utf8', maxBuffer: 1e8 });
if (current !== readFileSync('openapi.json', 'utf8')) {
  console.error('openapi.json is not current. Run: npm run openapi');
  process.exit(1);
}
