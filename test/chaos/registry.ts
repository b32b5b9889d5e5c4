import { readdirSync } from 'node:fs';
import { type AnyCase, type ChaosCase, isProven, type Mode, MODES, type ProvenCase } from './case.js';

/** Rows of the catalogue. */
export const FAULT_IDS: readonly string[] = Array.from(
  { length: 50 },
  (_, index) => `F${String(index + 1).padStart(2, '0')}`,
);

export interface Gap {
  readonly id: string;
  readonly mode: Mode;
}

/** Every case there is, in the order of the catalogue. */
export class Registry {
  private constructor(readonly all: readonly AnyCase[]) {}

  /** Reads `cases/`: a file is a case, and exports it as `chaosCase`. */
  static async load(): Promise<Registry> {
    const folder = new URL('./cases/', import.meta.url);
    const files = readdirSync(folder).filter((name) => /^f\d\d-.*\.(js|ts)$/.test(name));
    const cases: AnyCase[] = [];
    for (const file of files.toSorted()) {
      const { chaosCase } = (await import(new URL(file, folder).href)) as { chaosCase?: AnyCase };
      if (chaosCase === undefined) throw new Error(`${file} exports no chaosCase`);
      if (!file.startsWith(`${chaosCase.id.toLowerCase()}-${chaosCase.name}.`)) {
        throw new Error(`${file} holds ${chaosCase.id} ${chaosCase.name}; its name should say so`);
      }
      cases.push(chaosCase);
    }
    return new Registry(cases);
  }

  get running(): readonly ChaosCase[] {
    return this.all.filter((one): one is ChaosCase => !isProven(one));
  }

  get proven(): readonly ProvenCase[] {
    return this.all.filter(isProven);
  }

  /** Rows of the catalogue that nothing answers in a mode. */
  gaps(modes: readonly Mode[] = MODES): Gap[] {
    return FAULT_IDS.flatMap((id) =>
      modes.filter((mode) => !this.answers(id, mode)).map((mode) => ({ id, mode })),
    );
  }

  /** By row, for example F07, or by name. */
  named(name: string): readonly AnyCase[] {
    return this.all.filter((one) => one.id === name.toUpperCase() || one.name === name);
  }

  /** What `--only` asks for; all of it if nothing is named. */
  wanted(only: readonly string[]): readonly AnyCase[] {
    return only.length === 0 ? this.all : only.flatMap((name) => this.named(name));
  }

  private answers(id: string, mode: Mode): boolean {
    return this.all.some((one) => one.id === id && (isProven(one) || one.modes[mode] !== undefined));
  }
}
