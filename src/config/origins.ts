/**
 * Parses a list of origins: `https://dashboard.example.com,http://localhost:5173`.
 *
 * @throws Error that names the invalid origin and the reason
 */
export function parseOrigins(text: string): string[] {
  return text.split(',').map((item) => parseOrigin(item.trim()));
}

function parseOrigin(text: string): string {
  if (text === '*') throw new Error('must list each origin; * would allow all pages');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`${JSON.stringify(text)} is not an origin such as https://dashboard.example.com`);
  }
  // Compared with the Origin header character by character.
  if (url.origin !== text)
    throw new Error(`${JSON.stringify(text)} must be written as sent by browsers: ${url.origin}`);
  return text;
}
