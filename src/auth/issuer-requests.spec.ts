import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ISSUER_PAUSE_MS, IssuerRequests, IssuerUnreachableError } from './issuer-requests.js';

const URL = 'https://issuer.example/keys';
const anything = (body: unknown): unknown => body;

let time = 0;
const answers = (...responses: (() => Response)[]) => {
  const asked = jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
    const next = responses.shift();
    return next ? Promise.resolve(next()) : Promise.reject(new TypeError('fetch failed'));
  });
  return asked;
};
afterEach(() => {
  jest.restoreAllMocks();
});

describe('requests to the issuer', () => {
  it.each<[string, () => Response]>([
    ['an error', () => new Response('', { status: 500 })],
    ['no JSON', () => new Response('<html>')],
    ['nothing that is of use', () => Response.json({})],
  ])('that bring %s are not made again for a while, and then they are', async (_, failure) => {
    const asked = answers(failure, () => Response.json({ keys: [] }));
    const requests = new IssuerRequests(() => time);
    const read = (body: unknown) => {
      if (!('keys' in (body as object))) throw new Error('no keys');
      return body;
    };
    await expect(requests.get(URL, read)).rejects.toThrow(IssuerUnreachableError);
    time += ISSUER_PAUSE_MS - 1;
    await expect(requests.get(URL, read)).rejects.toThrow(IssuerUnreachableError);
    expect(asked).toHaveBeenCalledTimes(1);
    time += 1;
    expect(await requests.get(URL, read)).toEqual({ keys: [] });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('to another address go on', async () => {
    const asked = answers();
    const requests = new IssuerRequests(() => time);
    for (const url of [URL, `${URL}2`, URL, `${URL}2`]) {
      await expect(requests.get(url, anything)).rejects.toThrow(`${url} cannot be used: fetch failed`);
    }
    expect(asked).toHaveBeenCalledTimes(2);
    expect(requests.isWaiting).toBe(false);
  });
});
