export { type AssetRequest, Assets } from './assets.js';
export { challengeSteps, type ChallengeStepView } from './challenge-steps.html.js';
export { isForm, textField, textFields } from './form-body.js';
export { Html, html, type HtmlValue } from './html.js';
export { LiveFeed } from './live-feed.js';
export { seeOther, sendPage } from './page-reply.js';
export { PlatformLink } from './platform-link.js';
