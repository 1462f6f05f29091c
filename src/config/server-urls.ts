const AUTHORITY = /^([\w+]+:\/\/(?:[^@/?#]*@)?)([^/?#]*)(.*)$/s;

/**
 * Splits a URL with several servers, as supported by libpq, into one URL for each. The servers are in the authority
 * (`postgresql://user@first:5432,second:5433/database`), or in the parameters (`?host=/run/first,/run/second&port=5432,5433`;
 * a single port applies to all hosts).
 *
 * @throws Error if the numbers of hosts and ports differ
 */
export function splitServerUrls(text: string): string[] {
  const [, before = '', authority = text, after = ''] = AUTHORITY.exec(text) ?? [];
  const servers = authority.split(',');
  if (servers.length > 1) return servers.map((server) => before + server + after);
  return URL.canParse(text) ? splitByParameters(new URL(text)) : [text];
}

function splitByParameters(url: URL): string[] {
  const hosts = url.searchParams.get('host')?.split(',') ?? [];
  const ports = url.searchParams.get('port')?.split(',') ?? [];
  if (hosts.length < 2) return [url.href];
  if (ports.length > 1 && ports.length !== hosts.length) {
    throw new Error(
      `names ${hosts.length} hosts and ${ports.length} ports: name one port for each host, or one for all`,
    );
  }
  return hosts.map((host, index) => {
    const single = new URL(url);
    single.searchParams.set('host', host);
    const port = ports[index] ?? ports[0];
    if (port !== undefined) single.searchParams.set('port', port);
    return single.href;
  });
}
