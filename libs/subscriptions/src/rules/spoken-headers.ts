import type { FieldError } from '#libs/kernel';
import {
  type Dialect,
  dialectOf,
  type HandshakeName,
  handshakeNamed,
  newChallenge,
  type ProfileChoice,
} from '#libs/signing';

/** Any request is as good as another: only the names of its headers are looked at. */
const NOBODY = '00000000-0000-7000-8000-000000000000';
const SOMEWHERE = 'https://receiver.example/';
const NOW = new Date(0);
const EVENT = { id: NOBODY, tenantId: NOBODY, type: 'some.event.happened', subject: 'some', timestamp: NOW };

/** What a subscription says about how it is spoken to. */
export interface Speech extends ProfileChoice {
  readonly handshake: HandshakeName;
}

/** Headers of a subscription's own that its profile or its handshake sets, in whatever case. */
export function shadowingFaults(speech: Speech, headers: Readonly<Record<string, string>>): FieldError[] {
  const names = Object.keys(headers);
  if (names.length === 0) return [];
  const taken = spokenNames(speech);
  const message = `is set by the profile ${speech.profile}, and receivers would see two`;
  return names
    .filter((name) => taken.has(name.toLowerCase()))
    .map((name) => ({ field: `headers.${name}`, message }));
}

function spokenNames(speech: Speech): Set<string> {
  const dialect = dialectOf(speech, NOBODY);
  const keys = [dialect.secret.parse(dialect.secret.generate())];
  const sign = (body: Buffer): Record<string, string> =>
    dialect.headers({ id: NOBODY, timestamp: 0, body, keys, url: SOMEWHERE, event: EVENT });
  const asked = askedWith(speech, keys, sign).map((name) => name.toLowerCase());
  return new Set([...dialect.headerNames(), ...asked]);
}

function askedWith(
  { handshake: name, profileConfig: config = {} }: Speech,
  keys: readonly Buffer[],
  sign: (body: Buffer) => ReturnType<Dialect['headers']>,
): string[] {
  const handshake = handshakeNamed(name);
  // Said when it is asked; it has no request without them.
  if (!handshake.asks || handshake.needs.some((field) => config[field] === undefined)) return [];
  const challenge = newChallenge(NOBODY, NOW, handshake.newCode);
  const place = { url: SOMEWHERE, registeredUrl: SOMEWHERE, origin: 'localhost', callbackUrl: null };
  return Object.keys(handshake.request({ ...place, challenge, keys, config, sign }).headers);
}
