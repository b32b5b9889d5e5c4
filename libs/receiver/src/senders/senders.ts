import { asana } from './asana.sender.js';
import { cloudEvents } from './cloud-events.sender.js';
import { customHmac } from './custom-hmac.sender.js';
import { discord } from './discord.sender.js';
import { dropbox } from './dropbox.sender.js';
import { github } from './github.sender.js';
import { kloudless } from './kloudless.sender.js';
import { mcsS3 } from './mcs-s3.sender.js';
import { meta } from './meta.sender.js';
import { msGraph } from './ms-graph.sender.js';
import { okta } from './okta.sender.js';
import { preservica } from './preservica.sender.js';
import { slack } from './slack.sender.js';
import { smartsheet } from './smartsheet.sender.js';
import { standard } from './standard.sender.js';
import { stripe } from './stripe.sender.js';
import { swt } from './swt.sender.js';
import { trello } from './trello.sender.js';
import { twitch } from './twitch.sender.js';
import { twitter } from './twitter.sender.js';
import { websub } from './websub.sender.js';
import { zoom } from './zoom.sender.js';

/** Whom a receiver can listen to: one function for each shape of request. */
export const senders = {
  standard,
  github,
  stripe,
  slack,
  cloudEvents,
  websub,
  preservica,
  kloudless,
  mcsS3,
  customHmac,
  meta,
  twitter,
  zoom,
  dropbox,
  msGraph,
  smartsheet,
  asana,
  okta,
  twitch,
  swt,
  trello,
  discord,
} as const;
