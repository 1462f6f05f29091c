import { isIP } from 'node:net';
import { validationFailed } from '../../common/index.js';
import { isPublicAddress } from '../delivery/public-address.js';

/**
 * Checks the URL of a receiver.
 *
 * @returns the normalised URL
 * @throws DomainError `validation_failed`
 */
export function parseReceiverUrl(text: string, { allowPrivate }: { allowPrivate: boolean }): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const protocols = allowPrivate ? ['https:', 'http:'] : ['https:'];
  if (!url || !protocols.includes(url.protocol)) {
    throw invalid(allowPrivate ? 'must be an http:// or https:// URL' : 'must be an https:// URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('must not contain credentials; verify the signatures instead');
  }
  if (url.hash !== '') throw invalid('must not contain a fragment');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && (isIP(host) ? !isPublicAddress(host) : isLocalName(host))) {
    throw invalid('must be at a public address, unless WEBHOOK_ALLOW_PRIVATE is on');
  }
  return url.href;
}

/** Names that RFC 6761 and RFC 6762 reserve for this machine and network. */
function isLocalName(host: string): boolean {
  return /(?:^|\.)(?:localhost|local|internal)\.?$/i.test(host);
}

function invalid(detail: string): Error {
  return validationFailed([{ field: 'url', detail }]);
}
