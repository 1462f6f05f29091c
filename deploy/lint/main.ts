import { readdirSync } from 'node:fs';
import { manifestFaults } from './manifest-faults.js';
import { readManifests } from './manifest-files.js';
import { serviceFacts } from './service-facts.js';

const FOLDER = 'deploy/kubernetes';
const KUSTOMIZATION = 'kustomization.yaml';
/** An example, which is not to be applied. */
const EXAMPLE = 'secret.example.yaml';

const manifests = readManifests(FOLDER);
const kustomization = manifests.find(({ kind }) => kind === 'Kustomization');
const files = readdirSync(FOLDER).filter((file) => file !== KUSTOMIZATION && file !== EXAMPLE);
const listed = kustomization?.['resources'] as string[];
const faults = [
  ...files.filter((file) => !listed.includes(file)).map((file) => `${KUSTOMIZATION} does not list ${file}`),
  ...listed.filter((file) => !files.includes(file)).map((file) => `${KUSTOMIZATION} lists ${file}, which is not there`),
  ...manifestFaults(
    manifests.filter((manifest) => manifest !== kustomization),
    serviceFacts(),
  ),
];
for (const fault of faults) console.error(`${FOLDER}: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
