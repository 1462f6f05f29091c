import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Callers, isLoopback } from '../auth/index.js';
import type { Settings } from '../config/index.js';
import { STORAGE_FORM, type StorageForm } from '../database/storage/index.js';
import { DOCS_PATH } from '../http/openapi/index.js';

const UNPROTECTED =
  'HOST=% makes the service reachable for others, but no API key exists. Create one with "npm run cli -- keys create --name … ' +
  '--scope …", or set ADMIN_KEY or ADMIN_KEY_FILE, or unset HOST to serve this machine only. AUTH=off allows every request.';

/** Reports a fact about the start. */
export type Notify = (severity: 'log' | 'warn', text: string) => void;

/**
 * Accepts connections.
 *
 * @param description location of the data
 * @returns lines for the log that describe where the service is
 * @throws Error if the service would be reachable without a key, or cannot listen
 */
export async function listen(
  app: NestFastifyApplication,
  settings: Settings,
  description: string,
  notify: Notify,
): Promise<string[]> {
  await assertProtected(app.get(Callers, { strict: false }), settings, notify);
  await app.listen(settings.http.port, settings.http.host).catch((error: unknown) => {
    if (!isPortInUse(error)) throw error;
    throw new Error(`${error.message}. Stop the program there, or set PORT to another port.`, { cause: error });
  });
  const url = await app.getUrl();
  const { note } = app.get<StorageForm>(STORAGE_FORM, { strict: false });
  return [
    `Dashboard  ${url}/`,
    `API        ${url}/api/agent-metrics`,
    `Swagger    ${url}/${DOCS_PATH}`,
    `Data       ${description}${note}`,
  ];
}

const isPortInUse = (error: unknown): error is Error => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

/** Refuses to serve other machines without a key, and reports if anonymous requests are allowed. */
async function assertProtected(callers: Callers, { auth, http }: Settings, notify: Notify): Promise<void> {
  if (!auth.required) {
    notify('warn', `AUTH=off: every request to ${http.host} is allowed`);
  } else if (!(await callers.isProtected())) {
    if (!isLoopback(http.host)) throw new Error(UNPROTECTED.replace('%', http.host));
    notify('log', 'No API key exists: every request from this machine is allowed until the first key is created');
  }
}
