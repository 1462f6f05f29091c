import { isLoopback } from '../../auth/index.js';
import { loadClientSettings } from '../../config/index.js';
import { parseServiceUrl, type RemoteService } from './remote-service.js';

/**
 * The service at the URL of an option, with the key of LVLUP_API_KEY.
 *
 * @param note receives a warning if the key is sent without encryption
 * @throws Error if the URL is invalid; SettingsError
 */
export function openService(text: string, timeoutSeconds: number, note: (message: string) => void): RemoteService {
  const url = parseServiceUrl(text);
  if (!url) throw new Error('--url must be an http:// or https:// URL without credentials, query and fragment.');
  const { apiKey } = loadClientSettings(process.env);
  if (apiKey !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))) {
    note('Warning: the API key is sent without encryption. Use an https:// URL.');
  }
  return { url, apiKey, timeoutMs: timeoutSeconds * 1_000 };
}
