import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };

export type DnsAnswer =
  | { readonly addresses: readonly string[] }
  | { readonly cname: string }
  | 'nxdomain'
  | 'servfail'
  | 'silence';

/** Decides what to answer; `count` says how often this question was asked before. */
export type DnsScript = (name: string, type: 'A' | 'AAAA', count: number) => DnsAnswer;

export interface DnsServer {
  /** For the `servers` of a resolver. */
  readonly address: string;
  readonly questions: readonly string[];
  close(): Promise<void>;
}

/** More than this does not fit into a datagram; the resolver is told so and asks again over TCP. */
const LARGEST_DATAGRAM = 512;
const TRUNCATED = 0x02;

/** A name server on loopback that answers as the test says. */
export async function startDnsServer(script: DnsScript): Promise<DnsServer> {
  const questions: string[] = [];
  const answer = (query: Buffer): Buffer | null => {
    const { name, type, end } = questionOf(query);
    const question = `${name} ${type}`;
    const count = questions.filter((earlier) => earlier === question).length;
    questions.push(question);
    return replyTo(query.subarray(0, end), script(name, type, count), type);
  };
  const streams = createServer((socket) => answerStream(socket, answer)).listen(0, '127.0.0.1');
  await once(streams, 'listening');
  const { port } = streams.address() as AddressInfo;
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const reply = answer(query);
    if (reply !== null) socket.send(asDatagram(reply, query), from.port, from.address);
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${port}`,
    questions,
    close: async () => {
      streams.close();
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}

function asDatagram(reply: Buffer, query: Buffer): Buffer {
  if (reply.length <= LARGEST_DATAGRAM) return reply;
  const empty = replyTo(query.subarray(0, questionOf(query).end), { addresses: [] }, 'A') ?? reply;
  empty[2] = (empty[2] ?? 0) | TRUNCATED;
  return empty;
}

/** Over TCP the length stands before each message. */
function answerStream(socket: Socket, answer: (query: Buffer) => Buffer | null): void {
  let bytes = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
      const end = 2 + bytes.readUInt16BE(0);
      const reply = answer(bytes.subarray(2, end));
      bytes = bytes.subarray(end);
      if (reply === null) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}

function questionOf(query: Buffer): { name: string; type: 'A' | 'AAAA'; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: TYPES[query.readUInt16BE(at + 1)] ?? 'A',
    end: at + 5,
  };
}

function replyTo(question: Buffer, answer: DnsAnswer, type: 'A' | 'AAAA'): Buffer | null {
  if (answer === 'silence') return null;
  const records = recordsOf(answer, type);
  const head = Buffer.from(question);
  const code = answer === 'nxdomain' ? 3 : answer === 'servfail' ? 2 : 0;
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records]);
}

function recordsOf(answer: DnsAnswer, type: 'A' | 'AAAA'): Buffer[] {
  if (typeof answer === 'string') return [];
  if ('cname' in answer) return [record(5, nameBytes(answer.cname))];
  return answer.addresses
    .filter((address) => address.includes(':') === (type === 'AAAA'))
    .map((address) =>
      type === 'A' ? record(1, Buffer.from(address.split('.').map(Number))) : record(28, ipv6(address)),
    );
}

/** Its name is a pointer to the question's. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.from(String.fromCharCode(label.length) + label, 'latin1'));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function ipv6(address: string): Buffer {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
  const all = [
    ...groups(left),
    ...Array.from({ length: 8 - groups(left).length - groups(right).length }, () => 0),
    ...groups(right),
  ];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
