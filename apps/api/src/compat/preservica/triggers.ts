/** What a subscription can be for. */
export const TRIGGERS = [
  'MOVED',
  'FULL_TEXT_INDEXED',
  'CHANGED_SECURITY_DESCRIPTOR',
  'INGEST_FAILED',
  'CHANGE_ASSET_VISIBILITY',
] as const;

/** The last words of event types that set a trigger off: what an event is about is the asset. */
const VERBS: Readonly<Record<(typeof TRIGGERS)[number], readonly string[]>> = {
  MOVED: ['moved', 'renamed'],
  FULL_TEXT_INDEXED: ['created', 'updated', 'indexed'],
  CHANGED_SECURITY_DESCRIPTOR: ['secured', 'shared', 'unshared'],
  INGEST_FAILED: ['failed', 'rejected'],
  CHANGE_ASSET_VISIBILITY: ['deleted', 'removed', 'hidden', 'restored'],
};

/** The filter of a subscription for a trigger. */
export function filterOf(trigger: (typeof TRIGGERS)[number]): Readonly<Record<string, unknown>> {
  return { any: VERBS[trigger].map((verb) => ({ path: 'type', suffix: `.${verb}` })) };
}
