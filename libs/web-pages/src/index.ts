export { Assets } from './assets.js';
export { type DocumentParts, htmlDocument } from './document.html.js';
export { isForm, textField, textFields } from './form-body.js';
export { Html, html, type HtmlValue } from './html.js';
export { LiveFeed } from './live-feed.js';
export { seeOther, sendPage } from './page-reply.js';
export { PlatformLink } from './platform-link.js';
export { type ChallengeStepView, type PageProblem, problemNotice } from './problem-notice.html.js';
export { WebPagesModule, type WebPagesOptions } from './web-pages.module.js';
