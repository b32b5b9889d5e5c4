import { Injectable, type PipeTransform } from '@nestjs/common';
import { isEventTypeName } from '#libs/events';
import { AppError, fromTypeId, ID_PREFIX } from '#libs/kernel';

/** The UUID in a path's `key_…`; a text that is no such id names nothing. */
@Injectable()
export class ApiKeyIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    const uuid = fromTypeId(ID_PREFIX.apiKey, text);
    if (uuid === null) throw new AppError('not_found', 'api_key_not_found', 'There is no such API key.');
    return uuid;
  }
}

/** The UUID in a path's `sub_…`. */
@Injectable()
export class SubscriptionIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    const uuid = fromTypeId(ID_PREFIX.subscription, text);
    if (uuid === null)
      throw new AppError('not_found', 'subscription_not_found', 'There is no such subscription.');
    return uuid;
  }
}

/** The UUID in a path's `top_…`. */
@Injectable()
export class TopicIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    const uuid = fromTypeId(ID_PREFIX.topic, text);
    if (uuid === null) throw new AppError('not_found', 'topic_not_found', 'There is no such topic here.');
    return uuid;
  }
}

/** A path's name of an event type. */
@Injectable()
export class EventTypeNamePipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if (!isEventTypeName(text))
      throw new AppError('not_found', 'event_type_not_found', 'There is no such event type.');
    return text;
  }
}
