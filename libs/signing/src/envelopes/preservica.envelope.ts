import { isoTime } from '#libs/kernel';
import { type Envelope, JSON_TYPE } from './envelope.js';
import { compactJson, firstText, membersOf, subjectOf } from './json.js';

export const PRESERVICA_TRIGGERS = [
  'MOVED',
  'FULL_TEXT_INDEXED',
  'CHANGED_SECURITY_DESCRIPTOR',
  'INGEST_FAILED',
  'CHANGE_ASSET_VISIBILITY',
] as const;
export type PreservicaTrigger = (typeof PRESERVICA_TRIGGERS)[number];

export interface PreservicaConfig {
  readonly trigger: PreservicaTrigger;
  readonly tenant: string;
  readonly version: string;
  /** The name of each event; the trigger in UpperCamel if left out. */
  readonly event?: string;
  /** Whether bodies carry those of the asset; they do if left out. */
  readonly identifiers?: boolean;
}

/** An event is one of an asset. */
export function preservicaEnvelope(config: PreservicaConfig, subscriptionId: string): Envelope {
  const { trigger, tenant, version, event: name = upperCamel(trigger) } = config;
  return {
    contentType: JSON_TYPE,
    // Receivers drop what has the timestamp of another request, and it has three digits after the second.
    needsOwnMoment: true,
    body: (event) => {
      const members = membersOf(event);
      const entityType = members['entityType'] === 'SO' ? 'SO' : 'IO';
      const entityRef = firstText(members, ['entityRef']) ?? subjectOf(event);
      const identifiers = config.identifiers === false ? [] : identifiersOf(members['identifiers']);
      return compactJson({
        subscriptionId: subscriptionId.replaceAll('-', ''),
        timestamp: isoTime(event.timestamp).slice(0, -1),
        tenant,
        version,
        events: [{ event: name, entityType, entityRef, identifiers }],
        trigger,
      });
    },
  };
}

/** Objects of one member each, as receivers merge them, from such objects or from one with all members. */
function identifiersOf(value: unknown): readonly object[] {
  const isObject = (item: unknown): item is object =>
    typeof item === 'object' && item !== null && !Array.isArray(item);
  const objects = (Array.isArray(value) ? value : [value]).filter(isObject);
  return objects.flatMap((object) =>
    Object.entries(object).map(([name, text]) => ({ [name]: text as unknown })),
  );
}

function upperCamel(trigger: string): string {
  return trigger
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
