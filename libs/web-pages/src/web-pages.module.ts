import { type DynamicModule, Module } from '@nestjs/common';
import { Assets } from './assets.js';
import { assetsControllerAt } from './assets.controller.js';
import { LiveFeed } from './live-feed.js';
import { PlatformLink } from './platform-link.js';
import { SiteMenu } from './site-menu.js';

export interface WebPagesOptions {
  /** `import.meta.url` of the app's module; the app's files are in `public` beside its `src`. */
  readonly moduleUrl: string;
  /** Where the files are served. */
  readonly assetsPath: string;
}

/** What an app with pages needs: its files, its live news, and its way to the platform's API. */
@Module({})
export class WebPagesModule {
  static forApp({ moduleUrl, assetsPath }: WebPagesOptions): DynamicModule {
    return {
      module: WebPagesModule,
      controllers: [assetsControllerAt(assetsPath)],
      providers: [
        { provide: Assets, useFactory: () => Assets.load(moduleUrl, assetsPath) },
        LiveFeed,
        PlatformLink,
        SiteMenu,
      ],
      exports: [Assets, LiveFeed, PlatformLink, SiteMenu],
    };
  }
}
