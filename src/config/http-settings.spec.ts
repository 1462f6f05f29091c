import { describe, expect, it } from '@jest/globals';
import { settingsProblems } from '../../test/support/settings-problems.js';
import { loadSettings } from './settings.js';

describe('the settings of HTTP', () => {
  it.each([
    ['600/minute', { requests: 600, seconds: 60 }],
    ['1/second', { requests: 1, seconds: 1 }],
    [' 20000 / Hour ', { requests: 20_000, seconds: 3_600 }],
  ])('take the rate limit %s', (RATE_LIMIT, rateLimit) => {
    expect(loadSettings({ RATE_LIMIT }).http).toMatchObject({ rateLimit });
  });

  it('take proxies by address, range and name', () => {
    const TRUST_PROXY = '10.0.0.7, 192.168.0.0/16,2001:db8::/32,loopback';
    const trustedProxies = ['10.0.0.7', '192.168.0.0/16', '2001:db8::/32', 'loopback'];
    expect(loadSettings({ TRUST_PROXY }).http).toMatchObject({ trustedProxies });
  });

  it('take origins', () => {
    const CORS_ORIGINS = 'https://a.example, http://localhost:5173';
    expect(loadSettings({ CORS_ORIGINS }).http).toMatchObject({
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
    });
  });

  it('never give the headers more time than the whole request', () => {
    expect(loadSettings({ REQUEST_TIMEOUT: '5' }).http.timeouts).toMatchObject({ requestMs: 5_000, headersMs: 5_000 });
  });

  it.each([
    ['RATE_LIMIT', '600', /such as .*600\/minute/],
    ['RATE_LIMIT', '0/minute', /at least 1/],
    ['RATE_LIMIT', '10/day', /such as/],
    ['RATE_LIMIT', '9999999999/hour', /number of requests/],
    ['TRUST_PROXY', '1', /"1" is not an address/],
    ['TRUST_PROXY', 'true', /"true" is not an address/],
    ['TRUST_PROXY', '10.0.0.0/33', /"10.0.0.0\/33"/],
    ['TRUST_PROXY', '0.0.0.0/0', /"0.0.0.0\/0"/],
    ['TRUST_PROXY', '10.0.0.1,', /"" is not an address/],
    ['TRUST_PROXY', 'proxy.example', /a range such as/],
    ['CORS_ORIGINS', '*', /would allow all pages/],
    ['CORS_ORIGINS', 'null', /not an origin/],
    ['CORS_ORIGINS', 'https://a.example/', /as sent by browsers: https:\/\/a.example$/],
    ['CORS_ORIGINS', 'https://A.example:443', /as sent by browsers: https:\/\/a.example$/],
    ['CORS_ORIGINS', 'a.example', /not an origin such as/],
    ['REQUEST_TIMEOUT', '0', />=0.01/],
    ['KEEP_ALIVE_TIMEOUT', '3601', /<=3600/],
    ['MAX_CONNECTIONS', '0', />=1/],
    ['MAX_CONNECTIONS', 'many', /: must be a number$/],
    ['MAX_EVENT_LOOP_DELAY', '5', />=10/],
  ])('refuse %s=%s', (name, value, reason) => {
    expect(settingsProblems({ [name]: value })).toEqual([expect.stringMatching(reason)]);
    expect(settingsProblems({ [name]: value })[0]).toMatch(new RegExp(`^${name}: `));
  });
});
