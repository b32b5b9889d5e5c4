import { expect, test } from 'vitest';
import { loadConfig } from '#libs/config';
import { HubAddress } from './hub-address.js';

const HERE = { protocol: 'http', host: '127.0.0.1:3000' } as const;
const PUBLIC = new HubAddress(loadConfig({ PUBLIC_URL: 'https://hooks.example.org' }));
const LOCAL = new HubAddress(loadConfig({}));

test('topics and hub stand at the public address, whoever asks; without one, where the request came', () => {
  expect(PUBLIC.of({ token: 't' }, HERE)).toEqual({
    url: 'https://hooks.example.org/topics/t',
    hubUrl: 'https://hooks.example.org/hub',
    link: '<https://hooks.example.org/hub>; rel="hub", <https://hooks.example.org/topics/t>; rel="self"',
  });
  expect(LOCAL.of({ token: 't' }, HERE).url).toBe('http://127.0.0.1:3000/topics/t');
});

test.each(['https://hooks.example.org/topics/t_-9', 'HTTPS://Hooks.Example.org:443/topics/t_-9'])(
  '%s names a topic of ours',
  (url) => {
    expect(PUBLIC.tokenIn(url, HERE)).toBe('t_-9');
  },
);

test.each([
  'nonsense',
  'http://hooks.example.org/topics/t',
  'https://hooks.example.org:8443/topics/t',
  'https://hooks.example.org/topics/',
  'https://hooks.example.org/topics/t/more',
  'https://hooks.example.org/topics/t?x=1',
  'https://hooks.example.org/topics/t#x',
  'https://me@hooks.example.org/topics/t',
  'https://hooks.example.org/feeds/t',
  'http://127.0.0.1:3000/topics/t',
])('%s is none', (url) => {
  expect(PUBLIC.tokenIn(url, HERE)).toBeNull();
});
