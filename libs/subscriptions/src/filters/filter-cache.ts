import { Logger } from '@nestjs/common';
import type { Filter } from './filter.js';
import { isFilter, readFilter } from './read-filter.js';

/** Compiled filters by their text: each is compiled once, however often the directory is read. */
export class FilterCache {
  private readonly logger = new Logger('SubscriptionDirectory');
  private compiled = new Map<string, Filter | null>();

  /**
   * The filter that a text describes; null if it cannot be read, which is reported once: a rule that nobody
   * understands any more must not keep events back, for they would never come again.
   */
  filterOf(text: string): Filter | null {
    const known = this.compiled.get(text);
    if (known !== undefined) return known;
    const read = readFilter(JSON.parse(text));
    const filter = isFilter(read) ? read : null;
    if (filter === null) this.logger.error(`A filter cannot be read and lets everything through: ${text}`);
    this.compiled.set(text, filter);
    return filter;
  }

  /** Forgets the filters that no subscription has any more. */
  keepOnly(texts: Iterable<string | null>): void {
    const kept = new Map<string, Filter | null>();
    for (const text of texts) {
      const known = text === null ? undefined : this.compiled.get(text);
      if (text !== null && known !== undefined) kept.set(text, known);
    }
    this.compiled = kept;
  }
}
