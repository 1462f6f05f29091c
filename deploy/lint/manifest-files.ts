import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object, as far as every kind has the same form. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata?: { name: string };
  [field: string]: unknown;
}

/** All objects in the folder's YAML files. A key that comes twice, or anything else that YAML refuses, is an error. */
export function readManifests(folder: string): Manifest[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) =>
      [...parseAllDocuments(readFileSync(join(folder, file), 'utf8'))].map((document) => {
        const [error] = [...document.errors, ...document.warnings];
        if (error) throw new Error(`${file}: ${error.message}`);
        return document.toJS() as Manifest;
      }),
    );
}
