import { Resolver } from 'node:dns/promises';
import { dnsFault } from './error-codes.js';
import { OpeningError } from './failure.js';

export interface NameServerOptions {
  /** `address:port` of the name servers; unset: those of the system. */
  readonly servers?: readonly string[];
  readonly timeoutMs?: number;
  readonly tries?: number;
}

/** How long the slower of the two questions (A, AAAA) may hold up the answer to the faster one. */
const SECOND_ANSWER_MS = 1000;

/**
 * Finds all addresses of a name by asking name servers directly. `dns.lookup` is not used: its four threads are
 * shared by the whole process, and one dead name server would block them all. So `/etc/hosts` is not read.
 */
export class NameResolver {
  readonly #resolver: Resolver;
  /** Many deliveries to one host open connections at once; they share one question. */
  readonly #running = new Map<string, Promise<readonly string[]>>();

  constructor(options: NameServerOptions = {}) {
    this.#resolver = new Resolver({ timeout: options.timeoutMs ?? 1500, tries: options.tries ?? 2 });
    if (options.servers !== undefined) this.#resolver.setServers(options.servers);
  }

  /** IPv4 and IPv6 addresses, at least one; rejects with an `OpeningError`. */
  resolve(name: string): Promise<readonly string[]> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const answer = this.#ask(name).finally(() => this.#running.delete(name));
    this.#running.set(name, answer);
    return answer;
  }

  /** Fails the questions that are open. */
  close(): void {
    this.#resolver.cancel();
  }

  async #ask(name: string): Promise<readonly string[]> {
    const settled = await bothOrSoon(this.#resolver.resolve4(name), this.#resolver.resolve6(name));
    const addresses = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (addresses.length > 0) return addresses;
    const faults = settled.flatMap((result) =>
      result.status === 'rejected' ? [dnsFault(result.reason)] : [],
    );
    const worst = faults.find((fault) => fault.errorType !== 'dns_empty') ?? faults[0];
    throw new OpeningError(worst ?? { errorType: 'dns_empty', phase: 'resolve' });
  }
}

type Answer = PromiseSettledResult<string[]>;

/** Both answers, or only the first good one if the other takes much longer. */
function bothOrSoon(ipv4: Promise<string[]>, ipv6: Promise<string[]>): Promise<Answer[]> {
  return new Promise((resolve) => {
    const answers: Answer[] = [];
    let timer: NodeJS.Timeout | undefined;
    const add = (answer: Answer): void => {
      answers.push(answer);
      if (answers.length === 2) {
        clearTimeout(timer);
        resolve(answers);
      } else if (answer.status === 'fulfilled') {
        timer = setTimeout(resolve, SECOND_ANSWER_MS, answers);
      }
    };
    for (const question of [ipv4, ipv6]) {
      question.then(
        (value) => add({ status: 'fulfilled', value }),
        (reason: unknown) => add({ status: 'rejected', reason }),
      );
    }
  });
}
