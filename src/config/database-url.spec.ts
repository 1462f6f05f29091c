import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl, formatServers } from './database-url.js';

describe('parseDatabaseUrl', () => {
  it("parses Neon's URLs", () => {
    const url = 'postgresql://user:p%40ss@ep-a-b.neon.tech/neondb?sslmode=require&channel_binding=require';
    expect(parseDatabaseUrl(url)).toEqual({
      host: 'ep-a-b.neon.tech',
      port: 5432,
      user: 'user',
      password: 'p@ss',
      database: 'neondb',
      ssl: { rejectUnauthorized: false },
      channelBinding: 'require',
      options: undefined,
      applicationName: undefined,
    });
  });

  it.each([
    ['postgresql://u:p@h/d', false],
    ['postgresql://u:p@h/d?sslmode=disable', false],
    ['postgresql://u:p@h/d?ssl=require', { rejectUnauthorized: false }],
    ['postgresql+asyncpg://u:p@h/d?ssl=require', { rejectUnauthorized: false }],
    ['postgres://u:p@h/d?ssl=true', { rejectUnauthorized: false }],
    ['postgres://u:p@h/d?sslmode=verify-full', {}],
  ])('%s means ssl %j', (url, ssl) => {
    expect(parseDatabaseUrl(url).ssl).toEqual(ssl);
  });

  it('accepts the folder of a Unix socket as host', () => {
    expect(parseDatabaseUrl('postgresql://u@localhost/d?host=/run/postgresql')).toMatchObject({
      host: '/run/postgresql',
      ssl: false,
    });
  });

  it.each([
    ['postgresql://u:p@one,two:5433,[::1]:5434/d', ['one:5432', 'two:5433', '::1:5434']],
    ['postgresql+asyncpg://u:p@one:1,two:2/d?sslmode=require', ['one:1', 'two:2']],
    ['postgresql://u:p@localhost/d?host=/run/one,/run/two&port=1,2', ['/run/one:1', '/run/two:2']],
    ['postgresql://u:p@localhost/d?host=one,two&port=6432', ['one:6432', 'two:6432']],
    ['postgresql://u:p@localhost/d?host=one,two', ['one:5432', 'two:5432']],
  ])('reads the servers of %s', (url, servers) => {
    const connection = parseDatabaseUrl(url);
    expect(formatServers(connection)).toBe(servers.join(', '));
    expect(connection).toMatchObject({ user: 'u', password: 'p', database: 'd' });
    expect(connection.alternatives).toHaveLength(servers.length - 1);
  });

  it('parses the required state of the server', () => {
    expect(parseDatabaseUrl('postgresql://u@a,b/d?target_session_attrs=read-write').sessionTarget).toBe('read-write');
    expect(parseDatabaseUrl('postgresql://u@a,b/d').sessionTarget).toBeUndefined();
  });

  it.each([
    ['not a url', /must be a URL/],
    ['postgresql://u:p@one,/d', /must be a URL|name a host/],
    ['postgresql://u:p@h/d?host=a,b,c&port=1,2', /3 hosts and 2 ports/],
    ['postgresql://u:p@a,b/d?target_session_attrs=writable', /target_session_attrs=writable, which must be one of any/],
    ['http://u:p@h/d', /must be a URL/],
    ['postgresql://h/d', /a user/],
    ['postgresql://u:p@h', /a database/],
    ['postgresql://u:p@h/d?sslmode=prefer', /sslmode=prefer, which must be one of disable, require/],
    ['postgresql://u:p@h/d?ssl=maybe', /ssl=maybe/],
    ['postgresql://u:p@h/d?sslmode=verify-ca', /sslrootcert/],
    ['postgresql://u:p@h/d?sslmode=verify-full&sslrootcert=/does/not/exist', /cannot be read \(ENOENT\)/],
    ['postgresql://u:p@h/d?channel_binding=require', /without TLS/],
    ['postgresql://u:p@h/d?channel_binding=please&ssl=require', /channel_binding=please/],
    ['postgresql://u:p@h/d?pool_size=5', /unknown parameter pool_size/],
  ])('refuses %s', (url, reason) => {
    expect(() => parseDatabaseUrl(url)).toThrow(reason);
  });
});
