import { createSocket } from 'node:dgram';
import { once } from 'node:events';

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

/** A name server on loopback that answers as the test says. */
export async function startDnsServer(script: DnsScript): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query);
    const question = `${name} ${type}`;
    const count = questions.filter((earlier) => earlier === question).length;
    questions.push(question);
    const reply = replyTo(query.subarray(0, end), script(name, type, count), type);
    if (reply !== null) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
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
