import { AppError } from '#libs/kernel';
import { asanaProfile } from './asana.profile.js';
import { cloudEventsProfile } from './cloudevents.profile.js';
import { customHmacProfile } from './custom-hmac.profile.js';
import { discordProfile } from './discord.profile.js';
import { dropboxProfile } from './dropbox.profile.js';
import { githubProfile } from './github.profile.js';
import { guestbookFlatProfile } from './guestbook-flat.profile.js';
import { kloudlessProfile } from './kloudless.profile.js';
import { mcsS3Profile } from './mcs-s3.profile.js';
import { metaProfile } from './meta.profile.js';
import { msgraphProfile } from './msgraph.profile.js';
import { oktaProfile } from './okta.profile.js';
import { preservicaProfile } from './preservica.profile.js';
import type { Profile } from './profile.js';
import { shopifyProfile } from './shopify.profile.js';
import { slackProfile } from './slack.profile.js';
import { smartsheetProfile } from './smartsheet.profile.js';
import { standardProfile } from './standard.profile.js';
import { stripeProfile } from './stripe.profile.js';
import { swtProfile } from './swt.profile.js';
import { trelloProfile } from './trello.profile.js';
import { twitchProfile } from './twitch.profile.js';
import { twitterProfile } from './twitter.profile.js';
import { websubProfile } from './websub.profile.js';
import { zoomProfile } from './zoom.profile.js';

/** Every profile, ours first. */
export const PROFILES: readonly Profile[] = [
  standardProfile,
  preservicaProfile,
  kloudlessProfile,
  mcsS3Profile,
  guestbookFlatProfile,
  githubProfile,
  stripeProfile,
  slackProfile,
  cloudEventsProfile,
  websubProfile,
  customHmacProfile,
  metaProfile,
  twitterProfile,
  zoomProfile,
  dropboxProfile,
  msgraphProfile,
  smartsheetProfile,
  asanaProfile,
  oktaProfile,
  twitchProfile,
  shopifyProfile,
  trelloProfile,
  discordProfile,
  swtProfile,
];

export const PROFILE_NAMES: readonly string[] = PROFILES.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, Profile> = new Map(PROFILES.map((profile) => [profile.name, profile]));

/** The profile of this name; `unknown_profile` otherwise. */
export function profileNamed(name: string): Profile {
  const profile = BY_NAME.get(name);
  if (profile) return profile;
  const message = `must be one of: ${PROFILE_NAMES.join(', ')}`;
  throw new AppError('invalid', 'unknown_profile', `The profile ${message}.`, {
    errors: [{ field: 'profile', message }],
  });
}
