import { freePort } from '../support/service-process.js';
import type { Daemon } from './daemon.js';
import type { Programs } from './programs.js';
import type { Workplace } from './workplace.js';

/**
 * HAProxy before the instances: it asks each whether it is ready, and sends a request whose connection is refused to
 * another one. It never sends again what an instance may have received.
 */
export async function startHaproxy(
  { haproxy }: Programs,
  workplace: Workplace,
  instancePorts: readonly string[],
): Promise<{ daemon: Daemon; url: string }> {
  const port = await freePort();
  const servers = instancePorts.map((instance, index) => `  server instance${index + 1} 127.0.0.1:${instance}`);
  const configuration = await workplace.write(
    'haproxy.cfg',
    `global
  maxconn 500
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 3s
  retries 3
  retry-on conn-failure
  option redispatch 1
frontend clients
  bind 127.0.0.1:${port}
  default_backend instances
backend instances
  balance roundrobin
  option httpchk GET /health/ready
  default-server check inter 200ms fall 1 rise 1
${servers.join('\n')}
`,
  );
  const daemon = await workplace.serve(haproxy, ['-db', '-f', configuration], port, 'SIGTERM');
  return { daemon, url: `http://127.0.0.1:${port}` };
}
