import type { PreservicaTrigger } from '#libs/signing';

/** The last words of event types that set a trigger off: what an event is about is the asset. */
const VERBS: Readonly<Record<PreservicaTrigger, readonly string[]>> = {
  MOVED: ['moved', 'renamed'],
  FULL_TEXT_INDEXED: ['created', 'updated', 'indexed'],
  CHANGED_SECURITY_DESCRIPTOR: ['secured', 'shared', 'unshared'],
  INGEST_FAILED: ['failed', 'rejected'],
  CHANGE_ASSET_VISIBILITY: ['deleted', 'removed', 'hidden', 'restored'],
};

/** What a subscription can be for. */
export const TRIGGERS = Object.keys(VERBS) as PreservicaTrigger[];

/** The filter of a subscription for a trigger. */
export function filterOf(trigger: PreservicaTrigger): Readonly<Record<string, unknown>> {
  return { any: VERBS[trigger].map((verb) => ({ path: 'type', suffix: `.${verb}` })) };
}
