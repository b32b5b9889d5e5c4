import { Fifo } from '#libs/kernel';

interface Member {
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** Whose turn it is: the tenants in turn, and of each tenant its subscriptions in turn. */
export class Turns<T extends Member> {
  private readonly tenants = new Map<string, Fifo<T>>();
  /** Tenants with members, in the order of their turns. */
  private readonly order = new Fifo<Fifo<T>>();
  private readonly members = new Set<string>();

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  /** How many tenants have members here. */
  get tenantCount(): number {
    return this.order.length;
  }

  /** How many members of this tenant are here. */
  sizeOf(tenantId: string): number {
    return this.tenants.get(tenantId)?.length ?? 0;
  }

  /** At the end of its tenant's row, unless it stands there already. */
  add(member: T): void {
    if (this.members.has(member.subscriptionId)) return;
    this.members.add(member.subscriptionId);
    const own = this.rowOf(member.tenantId);
    own.push(member);
    if (own.length === 1) this.order.push(own);
  }

  /** Whoever's turn it is, taken out; it has another turn when it is added again. */
  take(): T | undefined {
    const own = this.order.shift();
    const member = own?.shift();
    if (own === undefined || member === undefined) return undefined;
    this.members.delete(member.subscriptionId);
    if (own.length > 0) this.order.push(own);
    return member;
  }

  private rowOf(tenantId: string): Fifo<T> {
    const known = this.tenants.get(tenantId);
    if (known !== undefined) return known;
    const made = new Fifo<T>();
    this.tenants.set(tenantId, made);
    return made;
  }
}
