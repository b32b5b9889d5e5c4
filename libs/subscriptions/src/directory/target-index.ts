import { FilteredTargets } from './filtered-targets.js';
import type { Target } from './target.js';

/** Types whose matches are remembered; publishers name few, but nothing stops them from naming many. */
const MAX_REMEMBERED_TYPES = 10_000;

/** Who wants a type. */
export interface Matched {
  readonly targets: readonly Target[];
  /** Asks their filters; null if none of them has one. */
  readonly filtered: FilteredTargets | null;
}

/** The targets of one tenant by what they want: exact types in one map, `area.*` by its area in another. */
export class TargetIndex {
  private readonly byType = new Map<string, Target[]>();
  private readonly byArea = new Map<string, Target[]>();
  private readonly remembered = new Map<string, Matched>();

  constructor(targets: readonly Target[]) {
    for (const target of targets) for (const pattern of target.patterns) this.add(pattern, target);
  }

  /** Every target that wants this type, once. */
  matched(type: string): Matched {
    const known = this.remembered.get(type);
    if (known) return known;
    const targets = this.find(type);
    const filtered = targets.some(({ filter }) => filter) ? new FilteredTargets(targets) : null;
    const found = { targets, filtered };
    if (this.remembered.size >= MAX_REMEMBERED_TYPES) this.remembered.clear();
    this.remembered.set(type, found);
    return found;
  }

  private add(pattern: string, target: Target): void {
    if (pattern === '*') append(this.byArea, '', target);
    else if (pattern.endsWith('.*')) append(this.byArea, pattern.slice(0, -2), target);
    else append(this.byType, pattern, target);
  }

  private find(type: string): readonly Target[] {
    const lists = [this.byType.get(type), this.byArea.get('')];
    for (let dot = type.indexOf('.'); dot > 0; dot = type.indexOf('.', dot + 1)) {
      lists.push(this.byArea.get(type.slice(0, dot)));
    }
    const found = lists.filter((list) => list !== undefined);
    return found.length === 1 && found[0] ? [...new Set(found[0])] : [...new Set(found.flat())];
  }
}

function append(map: Map<string, Target[]>, key: string, target: Target): void {
  const list = map.get(key);
  if (list) list.push(target);
  else map.set(key, [target]);
}
