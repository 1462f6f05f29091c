/**
 * Reads a list of origins: `https://dashboard.example.com,http://localhost:5173`.
 *
 * @throws Error whose message says which one isn't an origin, and why
 */
export function parseOrigins(text: string): string[] {
  return text.split(',').map((item) => parseOrigin(item.trim()));
}

function parseOrigin(text: string): string {
  if (text === '*') throw new Error('names each origin that is meant; * would let every page on the web in');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`${JSON.stringify(text)} is no origin such as https://dashboard.example.com`);
  }
  // What browsers send is compared character by character.
  if (url.origin !== text)
    throw new Error(`${JSON.stringify(text)} must be written as browsers send it: ${url.origin}`);
  return text;
}
