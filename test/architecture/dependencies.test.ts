import { expect, test } from 'vitest';
import { proveRule } from './prove-rule.js';
import * as rules from './rules/dependencies.js';
import { ALLOWED_LIBS } from './rules/layers.js';

proveRule('imports go down', rules.importsGoDown, {
  allowed: {
    'libs/deliveries/src/intake.ts': `import { SubscriptionDirectory } from '#libs/subscriptions';`,
    'apps/guestbook/src/main.ts': `import { Publisher } from '#libs/outbox';`,
  },
  proofs: [
    {
      planted: { 'libs/subscriptions/src/a.ts': `\nimport { DeliveryLog } from '#libs/deliveries';` },
      violation: /subscriptions\/src\/a\.ts:2: libs\/subscriptions may not import #libs\/deliveries/,
    },
    {
      planted: { 'apps/guestbook/src/a.ts': `import type { Target } from '#libs/subscriptions';` },
      violation: /apps\/guestbook may not import #libs\/subscriptions/,
    },
    {
      planted: { 'apps/guestbook/src/a.ts': `const broker = await import('#libs/messaging');` },
      violation: /apps\/guestbook may not import #libs\/messaging/,
    },
    {
      planted: { 'libs/kernel/src/a.ts': `export { AppConfig } from '#libs/config';` },
      violation: /libs\/kernel may not import #libs\/config/,
    },
    {
      planted: { 'libs/deliveries/src/a.ts': `import { x } from '#libs/signing/src/secret.js';` },
      violation: /reaches past the index of signing/,
    },
    {
      planted: { 'libs/outbox/src/a.ts': `import { Publisher } from '#libs/outbox';` },
      violation: /imports its own library/,
    },
    {
      planted: { 'apps/unheard-of/src/main.ts': `import { newId } from '#libs/kernel';` },
      violation: /apps\/unheard-of may not import #libs\/kernel/,
    },
  ],
});

test('the table of layers itself has no way up or round', () => {
  const reach = (unit: string, trail: readonly string[]): string[] =>
    trail.includes(unit)
      ? [[...trail, unit].join(' -> ')]
      : (ALLOWED_LIBS[unit] ?? []).flatMap((name) => reach(`libs/${name}`, [...trail, unit]));
  expect(Object.keys(ALLOWED_LIBS).flatMap((unit) => reach(unit, []))).toEqual([]);
});

proveRule('relative imports stay home', rules.relativeImportsStayHome, {
  allowed: {
    'apps/standalone/src/standalone.module.ts': `import { ApiModule } from '../../api/src/api.module.js';`,
    'libs/outbox/src/relay/relay.ts': `import { rows } from '../rows.js';`,
    'libs/outbox/src/relay/relay.spec.ts': `import { Receiver } from '../../../../test/support/receiver.js';`,
  },
  proofs: [
    {
      planted: { 'libs/outbox/src/a.ts': `import { encode } from '../../events/src/frame.js';` },
      violation: /leaves its folder: \.\.\/\.\.\/events\/src\/frame\.js/,
    },
    {
      planted: { 'apps/standalone/src/a.ts': `import { banner } from '../../api/src/banner.js';` },
      violation: /leaves its folder/,
    },
    {
      planted: { 'apps/api/src/a.ts': `import { InboxModule } from '../../inbox/src/inbox.module.js';` },
      violation: /leaves its folder/,
    },
    {
      planted: { 'libs/outbox/src/a.ts': `import { Receiver } from '../../../test/support/receiver.js';` },
      violation: /leaves its folder/,
    },
  ],
});

proveRule('pure libraries have no framework', rules.pureLibsHaveNoFramework, {
  allowed: {
    'libs/kernel/src/ids.ts': `import { uuidv7 } from 'uuidv7';\nimport { Buffer } from 'node:buffer';`,
    'libs/outbox/src/a.ts': `import { Injectable } from '@nestjs/common';`,
    'libs/signing/src/a.spec.ts': `import { Webhook } from 'standardwebhooks';`,
  },
  proofs: [
    {
      planted: { 'libs/signing/src/a.ts': `import { Injectable } from '@nestjs/common';` },
      violation: /a pure library may not import @nestjs\/common/,
    },
  ],
});

proveRule('packages stay at home', rules.packagesStayAtHome, {
  allowed: {
    'libs/messaging/src/amqp/amqp.broker.ts': `import amqp from 'amqplib';`,
    'libs/outbox/src/a.entity.ts': `import { Entity } from 'typeorm';`,
  },
  proofs: [
    {
      planted: { 'libs/messaging/src/topology.ts': `import type { Channel } from 'amqplib';` },
      violation: /amqplib may be imported only in libs\/messaging\/src\/amqp/,
    },
    {
      planted: { 'apps/api/src/a.ts': `import { TypeOrmModule } from '@nestjs/typeorm';` },
      violation: /@nestjs\/typeorm may be imported only in/,
    },
    {
      planted: { 'libs/deliveries/src/a.ts': `import pg from 'pg';` },
      violation: /pg may be imported only in libs\/database/,
    },
  ],
});

proveRule('no cycles', rules.noCycles, {
  allowed: {
    'libs/x/src/a.ts': `import { b } from './b.js';`,
    'libs/x/src/b.ts': `import type { A } from './a.js';`,
  },
  proofs: [
    {
      planted: {
        'libs/y/src/a.ts': `import { b } from './b.js';`,
        'libs/y/src/b.ts': `export { c } from './c.js';`,
        'libs/y/src/c.ts': `import { a } from './a.js';`,
      },
      violation:
        /import cycle: libs\/y\/src\/a\.ts -> libs\/y\/src\/b\.ts -> libs\/y\/src\/c\.ts -> libs\/y\/src\/a\.ts/,
    },
  ],
});
