import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { AppError } from '#libs/kernel';
import { type PlatformAnswer, PlatformClient } from '#libs/outbound-http';

/** How a page reaches the platform's API, with the key of the settings. They are read when they are needed. */
@Injectable()
export class PlatformLink implements OnApplicationShutdown {
  private client: PlatformClient | null = null;
  private origin = '';

  constructor(private readonly config: AppConfig) {}

  /** Without address and key a page can only say which settings are missing. */
  get isConfigured(): boolean {
    const { url, key } = this.config.apiClient;
    return url !== null && key !== null;
  }

  /** Every HTTP answer is a value; only an API that cannot be reached is thrown, as AppError `unavailable`. */
  async request<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<PlatformAnswer<T>> {
    return this.connected().request<T>(method, path, body);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.close();
  }

  private connected(): PlatformClient {
    const { url, key } = this.config.apiClient;
    if (url === null || key === null) {
      throw new AppError(
        'unavailable',
        'platform_not_configured',
        'Set BELLHOP_API_URL and BELLHOP_API_KEY.',
      );
    }
    if (this.client === null || this.origin !== url) this.client = new PlatformClient({ url, key });
    this.origin = url;
    return this.client;
  }
}
