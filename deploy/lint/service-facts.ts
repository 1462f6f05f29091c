import { readFileSync } from 'node:fs';
import type { ServiceFacts } from './manifest-faults.js';

/** The paths of openapi.json, and the variables of .env.example, which has all of them. */
export function serviceFacts(): ServiceFacts {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, unknown> };
  const settings = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(
    ([, name = '']) => name,
  );
  return { paths: Object.keys(paths), settings };
}
