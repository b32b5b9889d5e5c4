/**
 * A tenant's schema runs inside the process that serves everyone. What could make it run long is refused: regular
 * expressions, comparing all pairs of an array, references that lead out, back to themselves or unfold without end.
 */
const REFUSED = new Set([
  'pattern',
  'patternProperties',
  'format',
  'uniqueItems',
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$async',
]);
const MAX_SCHEMA_BYTES = 64 * 1024;
const MAX_DEPTH = 32;
/** Rules that one value may meet once all references are followed. */
const MAX_UNFOLDED_RULES = 2_000;

const LOCAL_REFERENCE = /^#\/(\$defs|definitions)\/([A-Za-z0-9_-]+)$/;
const ONE_SCHEMA = [
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'items',
  'additionalItems',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const SCHEMA_LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const SCHEMA_MAP = ['properties', 'dependentSchemas', 'dependencies'];

type Json = Readonly<Record<string, unknown>>;

/** Why a schema is not run, or null. */
export function schemaFault(schema: unknown): string | null {
  if (!isObject(schema)) return 'it must be a JSON object';
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES)
    return `it is larger than ${MAX_SCHEMA_BYTES} bytes`;
  const walk = new SchemaWalk(schema);
  walk.visit(schema, []);
  return walk.fault;
}

class SchemaWalk {
  fault: string | null = null;
  private rules = 0;
  private readonly following: string[] = [];

  constructor(private readonly root: Json) {}

  visit(schema: unknown, path: readonly string[]): void {
    if (this.fault !== null || !isObject(schema)) return;
    this.rules += Object.keys(schema).length;
    this.fault = this.faultOf(schema, path);
    this.follow(schema['$ref'], path);
    for (const [name, child] of children(schema)) this.visit(child, [...path, name]);
  }

  private faultOf(schema: Json, path: readonly string[]): string | null {
    const refused = Object.keys(schema).find((name) => REFUSED.has(name));
    if (refused !== undefined) return `"${refused}" is not supported (at ${place(path)})`;
    if (path.length > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
    if (this.rules > MAX_UNFOLDED_RULES)
      return `it has more than ${MAX_UNFOLDED_RULES} rules, references followed`;
    return null;
  }

  private follow(reference: unknown, path: readonly string[]): void {
    if (this.fault !== null || reference === undefined) return;
    const [, group, name] = (typeof reference === 'string' && LOCAL_REFERENCE.exec(reference)) || [];
    if (group === undefined || name === undefined) {
      this.fault = `"$ref" must look like #/$defs/name (at ${place(path)})`;
    } else if (this.following.includes(`${group}/${name}`)) {
      this.fault = `"$ref" must not lead back to itself (at ${place(path)})`;
    } else {
      this.following.push(`${group}/${name}`);
      this.visit(own(own(this.root, group), name), path);
      this.following.pop();
    }
  }
}

function children(schema: Json): [string, unknown][] {
  return Object.entries(schema).flatMap(([name, value]): [string, unknown][] => {
    if (SCHEMA_LIST.includes(name) && Array.isArray(value)) return value.map((child) => [name, child]);
    if (SCHEMA_MAP.includes(name) && isObject(value)) return Object.entries(value);
    return ONE_SCHEMA.includes(name) ? [[name, value]] : [];
  });
}

function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function place(path: readonly string[]): string {
  return path.length === 0 ? 'the top' : path.join('.');
}
