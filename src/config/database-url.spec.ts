import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from './database-url.js';

describe('parseDatabaseUrl', () => {
  it("reads Neon's URLs", () => {
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

  it('takes the folder of a unix socket for a host', () => {
    expect(parseDatabaseUrl('postgresql://u@localhost/d?host=/run/postgresql')).toMatchObject({
      host: '/run/postgresql',
      ssl: false,
    });
  });

  it.each([
    ['not a url', /must be a URL/],
    ['http://u:p@h/d', /must be a URL/],
    ['postgresql://h/d', /a user/],
    ['postgresql://u:p@h', /a database/],
    ['postgresql://u:p@h/d?sslmode=prefer', /sslmode=prefer, which must be one of disable, require/],
    ['postgresql://u:p@h/d?ssl=maybe', /ssl=maybe/],
    ['postgresql://u:p@h/d?sslmode=verify-ca', /sslrootcert/],
    ['postgresql://u:p@h/d?sslmode=verify-full&sslrootcert=/does/not/exist', /can't be read \(ENOENT\)/],
    ['postgresql://u:p@h/d?channel_binding=require', /without TLS/],
    ['postgresql://u:p@h/d?channel_binding=please&ssl=require', /channel_binding=please/],
    ['postgresql://u:p@h/d?pool_size=5', /unknown parameter pool_size/],
  ])('refuses %s', (url, reason) => {
    expect(() => parseDatabaseUrl(url)).toThrow(reason);
  });
});
