import { HttpAdapterHost } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { expect, test } from 'vitest';
import { SiteMenu } from './site-menu.js';

function menuOf(...served: string[]): SiteMenu {
  const adapterHost = new HttpAdapterHost<FastifyAdapter>();
  adapterHost.httpAdapter = new FastifyAdapter();
  for (const path of served) adapterHost.httpAdapter.getInstance().get(path, () => '');
  return new SiteMenu(adapterHost);
}

test('it leads to what the process serves, and says where the reader is', () => {
  const links = menuOf('/inbox', '/', '/elsewhere')
    .from('/inbox')
    .text.match(/<a.*?<\/a>/gs);
  expect(links).toEqual(['<a href="/" >Guestbook</a>', '<a href="/inbox" aria-current="page">Inbox</a>']);
});

test('a page alone needs no menu', () => {
  expect(menuOf('/inbox').from('/inbox').text).toBe('');
});
