import { configurationDocument } from './configuration.js';

process.stdout.write(await configurationDocument());
