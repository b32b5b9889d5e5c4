import type { BellhopEvent } from '#libs/events';
import { ID_PREFIX, isoTime, toTypeId } from '#libs/kernel';
import { type Envelope, JSON_TYPE } from './envelope.js';
import { around, compactJson, eventId, numberOf, subjectOf, thingOf, unixSeconds, verbOf } from './json.js';

/** Meta: an object with entries, each with changes. */
export function metaEnvelope(object: string, subscriptionId: string): Envelope {
  return json((event) => {
    const entry = `{"id":"${numberOf(subscriptionId)}","time":${unixSeconds(event)},"changes":[{"field":"${event.type}","value":`;
    return around(`{"object":${JSON.stringify(object)},"entry":[${entry}`, event.data, '}]}]}');
  });
}

/** X: the events of one type in a list that is named after it. */
export function twitterEnvelope(forUserId: string): Envelope {
  return json((event) => {
    const list = `${event.type.replaceAll('.', '_')}_events`;
    const head = `{"for_user_id":${JSON.stringify(forUserId)},"${list}":[{"id":"${eventId(event)}",`;
    return around(`${head}"created_timestamp":"${event.timestamp.getTime()}","data":`, event.data, '}]}');
  });
}

/** Zoom: `{event, payload: {account_id, object}, event_ts}`. */
export const zoomEnvelope = json((event) => {
  const account = toTypeId(ID_PREFIX.tenant, event.tenantId);
  const head = `{"event":"${event.type}","payload":{"account_id":"${account}","object":`;
  return around(head, event.data, `},"event_ts":${event.timestamp.getTime()}}`);
});

/** Dropbox: thin, names the account alone. */
export function dropboxEnvelope(account: string): Envelope {
  const body = compactJson({ list_folder: { accounts: [account] }, delta: { users: [] } });
  return json(() => body);
}

export interface GraphConfig {
  readonly resource?: string;
  /** Given back with each notification, as the subscriber wanted it. */
  readonly clientState?: string;
}

/** Microsoft Graph: change notifications with the resource's data. */
export function graphEnvelope({ resource, clientState }: GraphConfig, subscriptionId: string): Envelope {
  return json((event) => {
    const notification = JSON.stringify({
      id: eventId(event),
      subscriptionId,
      ...(clientState !== undefined && { clientState }),
      changeType: verbOf(event.type),
      resource: resource ?? `${thingOf(event.type)}('${subjectOf(event)}')`,
      tenantId: event.tenantId,
    });
    return around(`{"value":[${notification.slice(0, -1)},"resourceData":`, event.data, '}]}');
  });
}

/** Smartsheet: thin, names what has changed. */
export function smartsheetEnvelope(scopeObjectId: number, subscriptionId: string): Envelope {
  return json((event) =>
    compactJson({
      nonce: event.id,
      timestamp: isoTime(event.timestamp),
      webhookId: numberOf(subscriptionId),
      scope: 'sheet',
      scopeObjectId,
      events: [
        {
          objectType: thingOf(event.type),
          eventType: verbOf(event.type),
          id: subjectOf(event),
          timestamp: isoTime(event.timestamp),
        },
      ],
    }),
  );
}

/** Asana: thin, says which resource was changed, and how. */
export const asanaEnvelope = json((event) =>
  compactJson({
    events: [
      {
        action: verbOf(event.type),
        created_at: isoTime(event.timestamp),
        resource: { gid: subjectOf(event), resource_type: thingOf(event.type) },
      },
    ],
  }),
);

/** Okta's event hooks. */
export const oktaEnvelope = json((event) => {
  const time = isoTime(event.timestamp);
  const source = `urn:bellhop:${toTypeId(ID_PREFIX.tenant, event.tenantId)}`;
  const head =
    `{"eventType":"com.okta.event_hook","eventTypeVersion":"1.0","cloudEventsVersion":"0.1","source":"${source}",` +
    `"eventId":"${event.id}","data":{"events":[{"uuid":"${event.id}","published":"${time}",` +
    `"eventType":"${event.type}","version":"0","debugContext":{"debugData":`;
  return around(head, event.data, `}}]},"eventTime":"${time}","contentType":"application/json"}`);
});

/** Twitch: the subscription and the event; the kind of message stands in headers. */
export function twitchEnvelope(subscriptionId: string): Envelope {
  return {
    contentType: JSON_TYPE,
    headers: ({ type }) => ({
      'Twitch-Eventsub-Message-Type': 'notification',
      'Twitch-Eventsub-Subscription-Type': type,
      'Twitch-Eventsub-Subscription-Version': '1',
    }),
    body: (event) => {
      const subscription = `{"id":"${subscriptionId}","type":"${event.type}","version":"1","status":"enabled","cost":0,"condition":{}}`;
      return around(`{"subscription":${subscription},"event":`, event.data, '}');
    },
  };
}

function json(body: (event: BellhopEvent) => Buffer): Envelope {
  return { contentType: JSON_TYPE, body };
}
